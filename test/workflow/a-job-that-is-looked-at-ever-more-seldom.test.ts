import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createPoll } from '../../activities/poll.ts';
import type { Cluster } from '../../cluster/client.ts';
import { anObservation } from '../support/objects.ts';
import { startJob } from '../support/temporal.ts';

const INTERVAL_MS = 300;
const nobody = {} as Cluster;

test('while the watches show nothing new, each look comes after thirty times as long as all before took together', async (context) => {
  const looksMs: number[] = [];
  const shows = () => (looksMs.push(Date.now()), anObservation({ jobUid: 'task-uid', podUid: 'pod-uid' }));
  const poll = createPoll({ cluster: nobody, watches: { shows, areTold: () => true } });
  const job = await startJob(context, { poll }, { synchronizationIntervalMs: INTERVAL_MS });
  await job.observe(anObservation({ jobUid: 'task-uid', podUid: 'pod-uid', stage: 'pending' }));
  while (looksMs.length < 3) await sleep(50);
  context.diagnostic(`${looksMs.map((ms) => ms - (looksMs[0] ?? 0)).join(', ')} ms`);
  for (const [index, lookMs] of looksMs.slice(2).entries()) {
    const tookMs = (looksMs[index + 1] ?? 0) - (looksMs[0] ?? 0);
    const gapMs = lookMs - (looksMs[index + 1] ?? 0);
    // A busy machine begins a look late; a look of the time before the job was heard of counts to none.
    assert.ok(
      gapMs > 15 * tookMs - 10 * INTERVAL_MS && gapMs < 60 * tookMs + 2_000,
      `after ${tookMs} ms came ${gapMs} ms`,
    );
  }
});
