import { attemptObjectOf } from '../bucket/objects.ts';
import type { ActivityDeps } from './deps.ts';

/** Removes what a job that did not succeed left in the bucket: an input never taken, an output never published. */
export function createDiscard({ bucket }: ActivityDeps) {
  return async function discard(
    name: string,
    taskUid: string | undefined,
    spoolObject: string | undefined,
  ): Promise<void> {
    const objects = [taskUid && attemptObjectOf(name, taskUid), spoolObject];
    await Promise.all(objects.map(async (object) => object && (await bucket.remove(object))));
  };
}
