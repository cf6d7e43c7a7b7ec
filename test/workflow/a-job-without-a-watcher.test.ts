import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anObservation, aRequest } from '../support/objects.ts';
import { startSkippingJob } from '../support/temporal.ts';

test('without any signal the timer looks at the cluster, and the job ends', async (context) => {
  let looks = 0;
  const job = await startSkippingJob(context, {
    poll: (_ref, role) => {
      looks += 1;
      if (looks < 3) return Promise.reject(new Error('nothing new'));
      const jobUid = `${role}-uid`;
      return Promise.resolve(
        anObservation({ role, jobUid, stage: 'succeeded', ...(role === 'task' && { exitCode: 0 }) }),
      );
    },
  });
  assert.equal((await job.result()).status, 'succeeded');
  assert.ok(looks >= 4);
});

test('a look that the cluster does not answer is repeated, and never taken for an end', async (context) => {
  let looks = 0;
  const job = await startSkippingJob(context, {
    poll: () => Promise.reject(new Error(`the cluster is away, look ${(looks += 1)}`)),
  });
  await job.called('deploy');
  await job.sleep(2 * aRequest().startTimeoutMs);
  assert.ok(looks >= 3, `${looks} looks`);
  assert.equal((await job.query()).status, 'created');
});
