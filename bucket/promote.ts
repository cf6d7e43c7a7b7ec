import type { StoredObject } from '../workflows/contract.ts';
import type { Access } from './access.ts';
import { ObjectMismatchError, ObjectMissingError } from './errors.ts';
import { statusOf } from './faults.ts';
import { removeObject } from './remove.ts';
import { findObject, sameContent } from './stat.ts';

/**
 * Gives the content of `from` its final name `to`, once: whoever comes second finds it done.
 * Throws {@link ObjectMissingError} when neither exists, {@link ObjectMismatchError} when one of them holds other bytes.
 */
export async function promoteObject(access: Access, from: StoredObject, to: string): Promise<StoredObject> {
  // The look before the copy is for servers that ignore the precondition of a copy, as emulators do.
  const before = await findObject(access, to);
  if (before === undefined) await copyVerified(access, from, to);
  const target = before ?? (await findObject(access, to));
  if (target === undefined) throw new ObjectMissingError(from.object);
  if (!sameContent(target.stored, from)) throw new ObjectMismatchError(to, from, target.stored);
  await removeObject(access, from.object);
  return target.stored;
}

/** Copies unless the source is gone or the target appears meanwhile: the caller looks at the target after it. */
async function copyVerified(access: Access, from: StoredObject, to: string): Promise<void> {
  const source = await findObject(access, from.object);
  if (source === undefined) return;
  if (!sameContent(source.stored, from)) throw new ObjectMismatchError(from.object, from, source.stored);
  const bucket = await access.library();
  const file = bucket.file(from.object, { generation: source.generation });
  try {
    await file.copy(bucket.file(to), { preconditionOpts: { ifGenerationMatch: 0 } });
  } catch (error) {
    const status = statusOf(error);
    if (status !== 412 && status !== 404) throw error;
  }
}
