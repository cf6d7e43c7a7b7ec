import type { Access } from './access.ts';
import { listObjects } from './list.ts';

/** Removes an object, or only this generation of it; one that does not exist is removed already. */
export async function removeObject(access: Access, object: string, generation?: number): Promise<void> {
  const bucket = await access.library();
  await bucket.file(object).delete({
    ignoreNotFound: true,
    ...(generation === undefined ? {} : { ifGenerationMatch: generation }),
  });
}

/**
 * Removes all objects that begin with `prefix`, the first by name at last: who does not find that one may know that none is left.
 * Throws when there is no prefix: that would be the whole bucket.
 */
export async function removeObjects(access: Access, prefix: string): Promise<void> {
  if (prefix === '') throw new Error('refusing to remove the whole bucket');
  const [first, ...others] = await listObjects(access, prefix);
  await Promise.all(others.map(({ object }) => removeObject(access, object)));
  if (first !== undefined) await removeObject(access, first.object);
}
