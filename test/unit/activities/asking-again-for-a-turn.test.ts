import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilAskingMs } from '../../../activities/rest.ts';

const FIRST_MS = 300_000;
const SCHEDULED_MS = 1_527_121_792_553;

/** When a job that waits asks, in minutes after it came. */
function asks(count: number): number[] {
  const atMs = [0];
  while (atMs.length < count) {
    const waitedMs = atMs.at(-1) ?? 0;
    const tries = { scheduledTimestampMs: SCHEDULED_MS, currentAttemptScheduledTimestampMs: SCHEDULED_MS + waitedMs };
    atMs.push(waitedMs + untilAskingMs(tries, FIRST_MS));
  }
  return atMs.map((ms) => ms / 60_000);
}

test('a job that waits asks again when it has waited twice as long, but not after more than six times the first rest', () => {
  assert.deepEqual(asks(8), [0, 5, 10, 20, 40, 70, 100, 130]);
});
