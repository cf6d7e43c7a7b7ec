import type { Readable } from 'node:stream';
import type { NamedObject } from '../../bucket/bucket.ts';
import { isObjectMissing, isObjectTooLarge } from '../../bucket/errors.ts';
import { statusOf } from '../../bucket/faults.ts';
import { spoolObjectOf } from '../../bucket/objects.ts';
import type { StoredObject } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';
import { invalidParameters, isApiError } from '../errors.ts';
import type { ApiError } from '../errors.ts';
import { zipDirectoryFault } from '../zip-directory.ts';
import type { ReadRange, ZipLimits } from '../zip-directory.ts';

/** Half of what Google advises: many clients send at one time, each over a way that is slower than the service's to the bucket. */
const CHUNK_SIZE_BYTES = 4 * 1024 * 1024;

type SpoolDeps = Pick<ApiDeps, 'bucket' | 'logger' | 'settings'>;

/** Streams the input of the job `id` into the bucket, and frees the memory of its pieces. Leaves nothing there when it fails. */
export async function spool(deps: SpoolDeps, id: string, zip: Readable): Promise<StoredObject> {
  const object = spoolObjectOf(id);
  try {
    return await deps.bucket.write(object, zip, { chunkSizeBytes: CHUNK_SIZE_BYTES, ownsPieces: true });
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
export async function spoolPart(deps: SpoolDeps, id: string, zip: Readable, limits: ZipLimits): Promise<StoredObject> {
  return await checked(deps, await spool(deps, id, zip), limits, (fault) => invalidParameters({ input: fault }));
}

/**
 * Copies an input that a client named into the spool, and looks at every entry that the zip lists: from then on it is ours,
 * whatever becomes of the original. Leaves nothing there when it fails.
 * @throws ApiError that `refuse` makes, when it cannot be had, or not be unpacked
 */
export async function spoolNamed(
  deps: SpoolDeps,
  id: string,
  source: NamedObject,
  limits: ZipLimits,
  refuse: (fault: string) => ApiError = urlFault,
): Promise<StoredObject> {
  const { bucket, settings } = deps;
  const object = spoolObjectOf(id);
  try {
    return await checked(deps, await bucket.copyIn(source, object, settings.maxInputBytes), limits, refuse);
  } catch (error) {
    await discardObject(deps, object);
    const fault = sourceFault(error, settings.maxInputBytes);
    throw fault === undefined ? error : refuse(fault);
  }
}

async function checked(
  deps: SpoolDeps,
  stored: StoredObject,
  limits: ZipLimits,
  refuse: (fault: string) => ApiError,
): Promise<StoredObject> {
  try {
    const readRange: ReadRange = (offset, lengthBytes) => deps.bucket.readRange(stored.object, offset, lengthBytes);
    const fault = await zipDirectoryFault(stored.sizeBytes, readRange, limits);
    if (fault === undefined) return stored;
    throw refuse(fault);
  } catch (error) {
    await discardObject(deps, stored.object);
    throw error;
  }
}

function urlFault(fault: string): ApiError {
  return invalidParameters({ job_parameters: { input_url: fault } });
}

/** What is wrong with an object that could not be copied; undefined when it is not the object. */
function sourceFault(error: unknown, maxBytes: number): string | undefined {
  if (isObjectMissing(error)) return 'There is no such object';
  if (isObjectTooLarge(error)) return `Must be at most ${maxBytes} bytes`;
  return [401, 403].includes(statusOf(error) ?? 0) ? 'May not be read by this service' : undefined;
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
