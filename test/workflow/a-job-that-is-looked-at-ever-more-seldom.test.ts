import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createPoll } from '../../activities/poll.ts';
import type { Cluster } from '../../cluster/client.ts';
import { anObservation } from '../support/objects.ts';
import { startJob } from '../support/temporal.ts';

const INTERVAL_MS = 200;
const nobody = {} as Cluster;

/** True when a look comes after a rest of about thirty intervals, and not of one. */
function isLate(ms: number, at: number, all: readonly number[]): boolean {
  return at > 0 && ms - (all[at - 1] ?? 0) > 25 * INTERVAL_MS;
}

test('while the watches show nothing new, each look comes after thirty times as long as all before took together', async (context) => {
  const looksMs: number[] = [];
  const shows = () => (looksMs.push(Date.now()), anObservation({ jobUid: 'task-uid', podUid: 'pod-uid' }));
  const poll = createPoll({ cluster: nobody, watches: { shows, areTold: () => true } });
  const job = await startJob(context, { poll }, { synchronizationIntervalMs: INTERVAL_MS });
  await job.observe(anObservation({ jobUid: 'task-uid', podUid: 'pod-uid', stage: 'pending' }));
  // A look of the time before the job was heard of counts to none, so that there may be one more before the long rest.
  while (looksMs.length < 4 && !looksMs.some(isLate)) await sleep(50);
  context.diagnostic(`${looksMs.map((ms) => ms - (looksMs[0] ?? 0)).join(', ')} ms`);
  const at = looksMs.findIndex(isLate);
  const tookMs = (looksMs[at - 1] ?? NaN) - (looksMs[0] ?? 0);
  const restMs = (looksMs[at] ?? NaN) - (looksMs[at - 1] ?? 0);
  // A busy machine begins a look late.
  assert.ok(at >= 2 && restMs < 60 * tookMs + 2_000, `after ${tookMs} ms came ${restMs} ms`);
});
