import type { StoredObject } from '../workflows/contract.ts';
import type { Access } from './access.ts';
import { copyObject } from './copy.ts';
import { ObjectMismatchError, ObjectMissingError } from './errors.ts';
import { statusOf } from './faults.ts';
import { removeObject } from './remove.ts';
import { findObject, sameContent } from './stat.ts';
import type { Found } from './stat.ts';

/**
 * Gives the content of `from` its final name `to`, once: whoever comes second finds it done.
 * Throws {@link ObjectMissingError} when neither exists, {@link ObjectMismatchError} when one of them holds other bytes.
 */
export async function promoteObject(access: Access, from: StoredObject, to: string): Promise<StoredObject> {
  // The look before the copy is for servers that ignore the precondition of a copy, as emulators do.
  const target = (await findObject(access, to)) ?? (await copyVerified(access, from, to));
  if (target === undefined) throw new ObjectMissingError(from.object);
  if (!sameContent(target.stored, from)) throw new ObjectMismatchError(to, from, target.stored);
  await removeObject(access, from.object);
  return target.stored;
}

/** The copy; or when the source is gone, or the target has appeared meanwhile, what is there under its name. */
async function copyVerified(access: Access, from: StoredObject, to: string): Promise<Found | undefined> {
  const source = await findObject(access, from.object);
  if (source === undefined) return await findObject(access, to);
  if (!sameContent(source.stored, from)) throw new ObjectMismatchError(from.object, from, source.stored);
  try {
    return await copyObject(access, { object: from.object, generation: source.generation }, to);
  } catch (error) {
    const status = statusOf(error);
    if (status !== 412 && status !== 404) throw error;
    return await findObject(access, to);
  }
}
