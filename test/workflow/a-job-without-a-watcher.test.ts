import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anObservation } from '../support/objects.ts';
import { startJob } from '../support/temporal.ts';

test('without any signal the timer looks at the cluster, and the job ends', async (context) => {
  let looks = 0;
  const job = await startJob(
    context,
    {
      poll: (_ref, role) => {
        looks += 1;
        if (looks < 3) return Promise.reject(new Error('nothing new'));
        const jobUid = `${role}-uid`;
        return Promise.resolve(
          anObservation({ role, jobUid, stage: 'succeeded', ...(role === 'task' && { exitCode: 0 }) }),
        );
      },
    },
    { synchronizationIntervalMs: 100 },
  );
  assert.equal((await job.result()).status, 'succeeded');
  assert.ok(looks >= 4);
});

test(
  'a look that the cluster does not answer is repeated, and never taken for an end',
  { timeout: 60_000 },
  async (context) => {
    let looks = 0;
    const job = await startJob(
      context,
      { poll: () => Promise.reject(new Error(`the cluster is away, look ${(looks += 1)}`)) },
      { synchronizationIntervalMs: 100 },
    );
    while (looks < 3) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await job.query()).status, 'created');
  },
);
