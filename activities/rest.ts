import type { Info } from '@temporalio/activity';

const LONGEST_MS = 3_600_000;

/** How much longer each rest is than all looks and rests before it together. */
const GROWTH = 30;

/** When an activity was scheduled first and last, by the server's clock. */
type Times = Pick<Info, 'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs'>;

/** What an activity knows of its tries. */
type Tries = Times & Pick<Info, 'attempt'>;

/**
 * How long to wait before the next look: thirty times as long as all before took together, and an hour at most. Undefined where the
 * interval of the retry policy is to be kept: after the first look, and where it is longer than an hour. Pure.
 */
export function restMs(tries: Tries): number | undefined {
  const tookMs = tookMsOf(tries);
  if (tookMs <= 0 || tookMs / (tries.attempt - 1) > LONGEST_MS) return undefined;
  return Math.min(GROWTH * tookMs, LONGEST_MS);
}

/** The longest time until a job asks again for its turn, over the first one. */
const MOST_RESTS = 6;

/** How long a job waits until it asks again for its turn: `firstMs`, then as long as it has waited, six times the first at most. Pure. */
export function untilAskingMs(times: Times, firstMs: number): number {
  return Math.min(Math.max(firstMs, tookMsOf(times)), MOST_RESTS * firstMs);
}

function tookMsOf({ scheduledTimestampMs, currentAttemptScheduledTimestampMs }: Times): number {
  return currentAttemptScheduledTimestampMs - scheduledTimestampMs;
}
