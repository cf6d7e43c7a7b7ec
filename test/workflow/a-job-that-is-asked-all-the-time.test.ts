import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { failureOf } from '../../workflows/reasons.ts';
import { anObservation } from '../support/objects.ts';
import { startJob } from '../support/temporal.ts';
import type { StartedJob } from '../support/temporal.ts';

/**
 * A workflow task that answers a query tells the server of a local activity that has ended before it tells the workflow, which hears of
 * other things first then; when it is replayed, it hears of the activity first.
 */
const JOBS = 4;

const exit75 = failureOf('UserError', 'running', 'exited with code 75', { container: 'task', exitCode: 75 });

/** Asks `job` how it is, one question after the other, until it has ended. */
async function ask(job: StartedJob, ended: Promise<unknown>): Promise<number> {
  let isOver = false;
  void ended.finally(() => (isOver = true)).catch(() => undefined);
  for (let count = 0; ; count++) {
    if (isOver) return count;
    await job.query();
    await nextTurn();
  }
}

async function fail(job: StartedJob): Promise<void> {
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running', startTime: 7 }));
  await job.observe(anObservation({ stage: 'failed', failure: exit75, startTime: 7, exitCode: 75 }));
}

async function succeed(job: StartedJob): Promise<void> {
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running', startTime: 7 }));
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0, startTime: 7 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
}

async function kill(job: StartedJob): Promise<void> {
  await fail(job);
  while ((await job.query()).attempts === undefined) await nextTurn();
  await job.kill();
}

const lives = { succeeded: succeed, failed: fail, killed: kill } as const;

for (const [status, live] of Object.entries(lives)) {
  test(`a job that ends as ${status}, and is asked how it is all the time, replays`, async (context) => {
    const retry = status === 'killed' ? { retry: { backoff_seconds: 3600, exit_codes: [75] } } : {};
    const one = async () => {
      const job = await startJob(context, {}, { parameters: { docker_image: 'python', ...retry } });
      const end = live(job).then(() => job.result());
      assert.ok((await ask(job, end)) > 1);
      return (await end).status;
    };
    const ends = await Promise.all(Array.from({ length: JOBS }, one));
    assert.deepEqual(
      ends,
      Array.from({ length: JOBS }, () => status),
    );
  });
}
