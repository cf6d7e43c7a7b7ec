import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { Activities } from '../../activities/index.ts';
import { anObservation } from '../support/objects.ts';
import { harmlessActivities, startJob } from '../support/temporal.ts';

/** Longer than Temporal gives a workflow task, so that the SDK renews it and other news come in between. */
const SLOW_MS = 13_000;
const INTERVAL_MS = 1_000;

/** The step takes its time at its first try. */
function slow<N extends keyof Activities>(step: N): Partial<Activities> {
  const harmless = harmlessActivities()[step] as (...args: unknown[]) => Promise<unknown>;
  let isFirst = true;
  const act = async (...args: unknown[]) => {
    if (isFirst) await ((isFirst = false), delay(SLOW_MS));
    return await harmless(...args);
  };
  return { [step]: act };
}

/** All that is observed comes while `step` lasts, if it can. A job that has ended has been replayed. */
async function endOf(job: Awaited<ReturnType<typeof startJob>>, stepsBefore: readonly string[]): Promise<string> {
  for (const step of stepsBefore) await job.called(step);
  await job.observe(anObservation({ stage: 'running', startTime: 1_527_121_793_000 }));
  await delay(2 * INTERVAL_MS);
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  return (await job.result()).status;
}

describe('a job with a step that lasts for long', { concurrency: true }, () => {
  for (const step of ['record', 'deploy', 'logs', 'publish'] as const) {
    test(`hears of all else while \`${step}\` lasts, and replays`, async (context) => {
      const job = await startJob(context, slow(step), { synchronizationIntervalMs: INTERVAL_MS });
      assert.equal(await endOf(job, step === 'record' || step === 'deploy' ? [step] : ['deploy']), 'succeeded');
    });
  }

  for (const step of ['record', 'deploy'] as const) {
    test(`replays when it is killed while \`${step}\` lasts`, async (context) => {
      const job = await startJob(context, slow(step), { synchronizationIntervalMs: INTERVAL_MS });
      await job.called(step);
      await delay(INTERVAL_MS);
      await job.kill();
      assert.equal((await job.result()).status, 'killed');
    });
  }
});
