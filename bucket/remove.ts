import type { Access } from './access.ts';
import { statusOf } from './faults.ts';
import { exchange } from './http.ts';
import { listObjects } from './list.ts';
import { withPatience } from './patience.ts';
import { objectUrl } from './stat.ts';

/** Removes an object, or only this generation of it; one that does not exist is removed already. */
export async function removeObject(access: Access, object: string, generation?: number): Promise<void> {
  const condition = generation === undefined ? '' : `?ifGenerationMatch=${generation}`;
  const url = `${objectUrl(access, object)}${condition}`;
  const request = async () => exchange({ method: 'DELETE', url, headers: await access.authorization() });
  try {
    await withPatience(request, { limitMs: access.patienceMs });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/**
 * Removes all objects that begin with `prefix`, the first by name at last: who does not find that one may know that none is left.
 * Throws when there is no prefix: that would be the whole bucket.
 */
export async function removeObjects(access: Access, prefix: string): Promise<void> {
  if (prefix === '') throw new Error('refusing to remove the whole bucket');
  const objects = (await listObjects(access, prefix)).map(({ object }) => object);
  await firstAtLast(objects, (object) => removeObject(access, object));
}

/** Does `deed` with all but the first of `items`, and with that one when all others are done. */
export async function firstAtLast<T>(items: readonly T[], deed: (item: T) => Promise<void>): Promise<void> {
  const [first, ...others] = items;
  await Promise.all(others.map(deed));
  if (first !== undefined) await deed(first);
}
