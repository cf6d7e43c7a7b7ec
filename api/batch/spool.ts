import type { Readable } from 'node:stream';
import { spoolObjectOf } from '../../bucket/objects.ts';
import type { StoredObject } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';
import { invalidParameters, isApiError } from '../errors.ts';
import { zipDirectoryFault } from '../zip-directory.ts';
import type { ReadRange } from '../zip-directory.ts';

type SpoolDeps = Pick<ApiDeps, 'bucket' | 'logger'>;

/** Streams the input of the job `id` into the bucket. Leaves nothing there when it fails. */
export async function spool(deps: SpoolDeps, id: string, zip: Readable): Promise<StoredObject> {
  const object = spoolObjectOf(id);
  try {
    return await deps.bucket.write(object, zip, { contentType: 'application/zip' });
  } catch (error) {
    await discardObject(deps, object);
    throw refusalIn(error) ?? error;
  }
}

/**
 * Streams the part `input` of a form into the bucket, and looks at every entry that the zip lists. Leaves nothing there when
 * it fails.
 * @throws ApiError 400 when the zip cannot be unpacked
 */
export async function spoolChecked(deps: SpoolDeps, id: string, zip: Readable): Promise<StoredObject> {
  const stored = await spool(deps, id, zip);
  try {
    const readRange: ReadRange = (offset, lengthBytes) => deps.bucket.readRange(stored.object, offset, lengthBytes);
    const fault = await zipDirectoryFault(stored.sizeBytes, readRange);
    if (fault === undefined) return stored;
    throw invalidParameters({ input: fault });
  } catch (error) {
    await discardObject(deps, stored.object);
    throw error;
  }
}

/** Removes a spooled input, if there is one, as far as the bucket can be reached. */
export async function discardObject({ bucket, logger }: SpoolDeps, object: string | undefined): Promise<void> {
  if (object === undefined) return;
  await bucket.remove(object).catch((error: unknown) => {
    logger.warn({ err: error, object }, 'spooled input could not be removed');
  });
}

/** The source's own refusal, should the bucket have wrapped it. */
function refusalIn(error: unknown): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (isApiError(at)) return at;
  return undefined;
}
