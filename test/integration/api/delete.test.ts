import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { FINAL_STATUSES } from '../../../workflows/contract.ts';
import { workflowIdOf } from '../../../workflows/names.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';

/** An API with a job that nobody works on. */
async function startWithJob(context: TestContext, killWaitMs: number) {
  const api = await startApi(context, { settings: { killWaitMs } });
  const name = `test-${randomUUID().slice(0, 13)}`;
  const body = { name, job_parameters: { docker_image: 'python' } };
  const { id } = jobIn(await api.call('POST', '/batch/', body, { Prefer: 'respond-async' }));
  const created = (await api.store.find(id)) ?? assert.fail('the job is mirrored');
  context.after(() => endWorkflow(api, name).catch(() => undefined));
  return { api, id, name, created };
}

describe('DELETE /batch/:id', () => {
  for (const status of FINAL_STATUSES) {
    test(`refuses a job that is ${status}, in the words of the public contract`, async (context) => {
      const api = await startApi(context);
      const job = aJob({ status });
      await api.store.record(job);
      const { status: code, data, error, msg } = await api.call('DELETE', `/batch/${job.id}`);
      assert.deepEqual([code, data, error], [400, '', 'InvalidParameters']);
      assert.equal(msg, `Can't stop batch job ${job.id}. Status is: ${status}.`);
    });
  }

  test('signals the workflow, and answers 202 until the end is proven', async (context) => {
    const { api, id, name } = await startWithJob(context, 300);
    for (let time = 0; time < 2; time++) {
      const answer = await api.call('DELETE', `/batch/${name}`);
      assert.deepEqual([answer.status, answer.result], [202, true]);
      assert.deepEqual([jobIn(answer).id, jobIn(answer).kill_requested], [id, true]);
    }
    const { events } = await api.client.workflow.getHandle(workflowIdOf(name)).fetchHistory();
    const signals = events?.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? []);
    assert.deepEqual(signals, ['kill', 'kill']);
  });

  test('answers 200 once the job is killed', async (context) => {
    const { api, id, created } = await startWithJob(context, 20_000);
    const pending = api.call('DELETE', `/batch/${id}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.store.record({ ...created, revision: 1, status: 'killed', phase: 'ended', killRequested: true });
    const answer = await pending;
    assert.equal(answer.status, 200);
    assert.equal(answer.msg, `Instance ${id} was successfully deleted from the cluster.`);
    assert.equal(jobIn(answer).status, 'killed');
  });

  test('refuses a job that ended otherwise in the meantime', async (context) => {
    const { api, id, created } = await startWithJob(context, 20_000);
    const pending = api.call('DELETE', `/batch/${id}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.store.record({ ...created, revision: 1, status: 'succeeded', phase: 'ended' });
    const { status, msg } = await pending;
    assert.deepEqual([status, msg], [400, `Can't stop batch job ${id}. Status is: succeeded.`]);
  });

  test('waits for the end of a job whose workflow was ended by force, and refuses it as one that ended otherwise', async (context) => {
    const { api, id, name, created } = await startWithJob(context, 20_000);
    await endWorkflow(api, name);
    const pending = api.call('DELETE', `/batch/${id}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.store.record({ ...created, revision: 1, status: 'failed', phase: 'ended' });
    const { status, msg } = await pending;
    assert.deepEqual([status, msg], [400, `Can't stop batch job ${id}. Status is: failed.`]);
  });

  test('answers 202 as long as nobody has given such a job its end', async (context) => {
    const { api, id, name } = await startWithJob(context, 300);
    await endWorkflow(api, name);
    const answer = await api.call('DELETE', `/batch/${id}`);
    assert.deepEqual([answer.status, jobIn(answer).status, jobIn(answer).kill_requested], [202, 'created', false]);
  });

  test('does not know a job that does not exist', async (context) => {
    const api = await startApi(context);
    assert.equal((await api.call('DELETE', `/batch/${randomUUID()}`)).error, 'DoesNotExist');
  });
});
