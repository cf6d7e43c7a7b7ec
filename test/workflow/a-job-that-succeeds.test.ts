import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../workflows/contract.ts';
import { anObservation } from '../support/objects.ts';
import { startJob } from '../support/temporal.ts';

test('a job goes through its steps in order and ends as succeeded', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running', startTime: 1_527_121_793_000 }));
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0, startTime: 1_527_121_793_000 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  const end = await job.result();

  assert.deepEqual([end.status, end.phase, end.exitCode], ['succeeded', 'ended', 0]);
  assert.equal(end.output?.object, 'x-output.zip');
  const order = ['volumes', 'deploy', 'cleanup', 'publish', 'delete'].map((step) => job.calls.indexOf(step));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.ok(order.every((index) => index >= 0));
});

test('the mirror ends with the last state, and its revisions only grow', async (context) => {
  const recorded: Job[] = [];
  const job = await startJob(context, { record: (state) => Promise.resolve(void recorded.push(state)) });
  const end = await endWell(job);

  const revisions = recorded.map(({ revision }) => revision);
  assert.deepEqual(
    revisions,
    revisions.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(revisions).size, revisions.length);
  assert.deepEqual(recorded.at(-1), end);
});

test('nobody is told of a deletion that is done at once, but of the end that follows', async (context) => {
  const phases: string[] = [];
  const job = await startJob(context, { record: ({ phase }) => Promise.resolve(void phases.push(phase)) });
  await endWell(job);
  assert.deepEqual([phases.includes('uploading'), phases.includes('deleting'), phases.at(-1)], [true, false, 'ended']);
});

test('a deletion that is not done at once is told of, and made by the server', async (context) => {
  const told: string[] = [];
  let tries = 0;
  const job = await startJob(context, {
    record: ({ phase }) => Promise.resolve(void told.push(phase)),
    delete() {
      told.push('tried');
      return ++tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    },
  });
  const { phaseTimes } = await endWell(job);
  assert.deepEqual(told.slice(told.indexOf('tried')).toSorted(), ['deleting', 'ended', 'tried', 'tried']);
  assert.deepEqual([told.at(-1), phaseTimes?.deleting !== undefined], ['ended', true]);
});

test('without an input nothing is uploaded, with one it is promoted before the deployment', async (context) => {
  const input = { object: 'spool/1.zip', sizeBytes: 1, crc32c: 'AAAAAA==' };
  const [without, withInput] = [await startJob(context), await startJob(context, {}, { input })];
  await Promise.all([without.called('deploy'), withInput.called('deploy')]);
  assert.equal(without.calls.includes('upload'), false);
  assert.ok(withInput.calls.indexOf('upload') < withInput.calls.indexOf('deploy'));
});

async function endWell(job: Awaited<ReturnType<typeof startJob>>): Promise<Job> {
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  return await job.result();
}
