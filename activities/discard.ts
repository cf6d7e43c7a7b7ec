import { attemptsPrefixOf } from '../bucket/objects.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Removes what a job that did not succeed left in the bucket: an input that was never taken, outputs that were never published.
 * To be called when no pod of the job is left that could still write one.
 */
export function createDiscard({ bucket }: ActivityDeps) {
  return async function discard(name: string, spoolObject?: string): Promise<void> {
    const objects = await bucket.list(attemptsPrefixOf(name));
    if (spoolObject) objects.push(spoolObject);
    await Promise.all(objects.map((object) => bucket.remove(object)));
  };
}
