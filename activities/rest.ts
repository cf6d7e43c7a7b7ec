import type { Info } from '@temporalio/activity';

const LONGEST_MS = 3_600_000;

/** How much longer each rest is than all looks and rests before it together. */
const GROWTH = 9;

/** What an activity knows of its tries, all by the server's clock. */
type Tries = Pick<Info, 'attempt' | 'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs'>;

/**
 * How long to wait before the next look: nine times as long as all before took together, and an hour at most. Undefined where the
 * interval of the retry policy is to be kept: after the first look, and where it is longer than an hour. Pure.
 */
export function restMs({
  attempt,
  scheduledTimestampMs,
  currentAttemptScheduledTimestampMs,
}: Tries): number | undefined {
  const tookMs = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
  if (tookMs <= 0 || tookMs / (attempt - 1) > LONGEST_MS) return undefined;
  return Math.min(GROWTH * tookMs, LONGEST_MS);
}
