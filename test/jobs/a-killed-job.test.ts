import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import type { PresentedJob } from '../../api/present.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { KILL_SIGNAL, workflowIdOf } from '../../workflows/names.ts';
import { required } from '../support/environment.ts';
import { aName, call, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter, clusterObjectsOf } from '../support/world.ts';

variants('claims', 'one-pod', 'signed-urls');

interface Moment {
  readonly what: string;
  readonly parameters: JobParameters;
  isThere(this: void, job: PresentedJob): boolean | Promise<boolean>;
}

/** The three moments at which a job can be killed. */
const MOMENTS: readonly Moment[] = [
  {
    what: 'pending',
    // No node has so many processors.
    parameters: shellJob('true', { resources: { requests: { cpu: '1000' } } }),
    isThere: (job) => job.phase === 'starting',
  },
  { what: 'running', parameters: shellJob('sleep 3600'), isThere: (job) => job.phase === 'running' },
  {
    what: 'cleaning',
    parameters: shellJob('dd if=/dev/urandom of=/output/noise bs=1M count=150 2>/dev/null'),
    isThere: (job) => job.status === 'cleaning',
  },
];

/** The two ways to kill it. Both return once the kill is sent. */
const WAYS = {
  DELETE: async (job: PresentedJob) => {
    const { status, body } = await call('DELETE', `/batch/${job.id}`);
    assert.ok(status === 200 || status === 202, JSON.stringify(body));
  },
  'the signal `kill`': async (job: PresentedJob) => {
    const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
    await new Client({ connection }).workflow.getHandle(workflowIdOf(job.name)).signal(KILL_SIGNAL);
    await connection.close();
  },
};

for (const { what, parameters, isThere } of MOMENTS) {
  for (const [way, kill] of Object.entries(WAYS)) {
    test(`a job that is ${what} is killed by ${way}, and nothing of it is left`, async () => {
      const { body } = await submit(aName(`kill-${what}`), parameters);
      const job = await until(body.data.id, (seen) => isThere(seen) === true);
      assert.notDeepEqual(await clusterObjectsOf(job), []);
      await kill(job);
      const end = await untilEnded(job.id);
      assert.deepEqual([end.status, end.kill_requested, end.failure], ['killed', true, undefined]);
      await assertWorldAfter(end);
    });
  }
}

test('DELETE answers once the job is gone, in the words of the contract, and a second one says that it is killed', async () => {
  const { body } = await submit(aName('kill-twice'), shellJob('trap "exit 0" TERM; sleep 3600 & wait'));
  const { id } = await until(body.data.id, ({ phase }) => phase === 'running');
  const first = await call('DELETE', `/batch/${id}`);
  assert.equal(first.status, 200);
  assert.equal(first.body.data.status, 'killed');
  assert.equal(first.body.msg, `Instance ${id} was successfully deleted from the cluster.`);
  const second = await call<string>('DELETE', `/batch/${id}`);
  assert.equal(second.status, 400);
  assert.deepEqual(second.body, {
    data: '',
    error: 'InvalidParameters',
    msg: `Can't stop batch job ${id}. Status is: killed.`,
    result: false,
  });
  await assertWorldAfter(first.body.data);
});
