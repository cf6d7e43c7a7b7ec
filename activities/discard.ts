import { setTimeout as sleep } from 'node:timers/promises';
import { attemptsPrefixOf } from '../bucket/objects.ts';
import type { ActivityDeps } from './deps.ts';

/** A bucket that has got all bytes of an upload finishes it within so long, although the sender was killed before the answer. */
const LATE_ARRIVAL_MS = 3_000;

/**
 * Removes what a job that did not succeed left in the bucket: an input that was never taken, outputs that were never published.
 * To be called when no pod of the job is left that could still write one.
 * @param mayArriveLate true when an upload had begun: the bucket may finish it after its pod was killed
 */
export function createDiscard({ bucket }: Pick<ActivityDeps, 'bucket'>) {
  return async function discard(name: string, spoolObject?: string, mayArriveLate = false): Promise<void> {
    if (spoolObject) await bucket.remove(spoolObject);
    if (mayArriveLate) await sleep(LATE_ARRIVAL_MS);
    await bucket.removeAll(attemptsPrefixOf(name));
  };
}
