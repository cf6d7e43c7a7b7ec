import type { StoredObject } from '../workflows/contract.ts';
import type { Access } from './access.ts';
import { ObjectMismatchError } from './errors.ts';
import type { Content } from './errors.ts';
import { removeObject } from './remove.ts';
import { sameContent } from './stat.ts';
import type { Found } from './stat.ts';

/** The object when it holds `expected`; else it is removed, and {@link ObjectMismatchError} thrown. */
export async function verified(
  access: Access,
  { stored, generation }: Found,
  expected: Content,
): Promise<StoredObject> {
  if (sameContent(stored, expected)) return stored;
  await removeObject(access, stored.object, generation);
  throw new ObjectMismatchError(stored.object, expected, stored);
}
