import type { StoredObject } from '../workflows/contract.ts';
import type { Access } from './access.ts';
import { copyObject } from './copy.ts';
import type { NamedObject } from './copy.ts';
import { ObjectMissingError, ObjectTooLargeError } from './errors.ts';
import { findObject } from './stat.ts';
import { verified } from './verify.ts';

/**
 * Copies an object as it is now into a new one of our bucket, within the storage: no byte comes by here.
 * Throws {@link ObjectMissingError} when it does not exist, {@link ObjectTooLargeError} when it has more than `maxBytes`,
 * {@link ObjectMismatchError} when the copy holds other bytes (it is removed first).
 */
export async function copyIn(access: Access, source: NamedObject, to: string, maxBytes: number): Promise<StoredObject> {
  const bucketName = source.bucketName ?? access.bucketName;
  const found = await findObject({ ...access, bucketName }, source.object);
  if (found === undefined) throw new ObjectMissingError(source.object);
  if (found.stored.sizeBytes > maxBytes) throw new ObjectTooLargeError(source.object, found.stored.sizeBytes, maxBytes);
  const own = { contentType: 'application/zip', metadata: await access.metadata() };
  const copy = await copyObject(access, { ...source, generation: found.generation }, to, own);
  return await verified(access, copy, found.stored);
}
