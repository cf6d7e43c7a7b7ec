import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkflowClient } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { createEnqueue } from '../../../activities/enqueue.ts';
import { anActivity } from '../../support/activity.ts';

const FIRST_MS = 300_000;
const SCHEDULED_MS = 1_527_121_792_553;
const job = { name: 'words', acceptedMs: SCHEDULED_MS };

/** Asks when the job has waited for so long. @returns what was asked, and the failure by which the answer is awaited */
async function ask(waitedMs: number) {
  const asked: unknown[] = [];
  const signalWithStart = (...[, { signal, signalArgs }]: Parameters<WorkflowClient['signalWithStart']>) =>
    Promise.resolve(asked.push(signal, signalArgs));
  const enqueue = createEnqueue({ workflows: { signalWithStart } as unknown as WorkflowClient });
  const times = { scheduledTimestampMs: SCHEDULED_MS, currentAttemptScheduledTimestampMs: SCHEDULED_MS + waitedMs };
  const failure: unknown = await anActivity(times)
    .run(enqueue, job, FIRST_MS)
    .catch((error: unknown) => error);
  assert.ok(failure instanceof ApplicationFailure);
  return { asked, failure };
}

/** When a job that waits asks, in minutes after it came. */
async function asks(count: number): Promise<number[]> {
  const atMs = [0];
  while (atMs.length < count) {
    const waitedMs = atMs.at(-1) ?? 0;
    const { failure } = await ask(waitedMs);
    atMs.push(waitedMs + Number(failure.nextRetryDelay));
  }
  return atMs.map((ms) => ms / 60_000);
}

test('a job that waits asks again when it has waited twice as long, but not after more than six times the first rest', async () => {
  assert.deepEqual(await asks(8), [0, 5, 10, 20, 40, 70, 100, 130]);
});

test('a job that asks is retried by the server without a warning', async () => {
  const { asked, failure } = await ask(0);
  assert.deepEqual(asked, ['enqueue', [job]]);
  assert.deepEqual([failure.type, failure.nonRetryable, failure.category], ['Queued', false, 'BENIGN']);
});
