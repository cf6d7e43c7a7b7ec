import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, runJob, shellJob, untilEnded } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { workersOf } from '../support/workers-of-a-job.ts';
import { assertWorldAfter } from '../support/world.ts';

test('a job that a worker without a version began ends on the first version, and no job waits for a promotion', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const without = await startWorkerProcess(context);
  const begun = await runGated(aName('begun'));
  const first = await startWorkerProcess(context, { WORKER_BUILD_ID: 'v1' });
  const later = await runJob(aName('later'), shellJob('echo done > /output/done'));
  assert.equal((await without.stop()).code, 0);
  await openGate(begun);
  const ended = await untilEnded(begun.id);

  for (const job of [ended, later]) {
    assert.equal(job.status, 'succeeded', JSON.stringify(job));
    await assertWorldAfter(job);
  }
  assert.deepEqual((await workersOf(workflowOf(ended))).buildIds, ['', 'v1']);
  assert.deepEqual((await workersOf(workflowOf(ended))).activityPids.at(-1), first.pid);
});
