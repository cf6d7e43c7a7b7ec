import type { Readable } from 'node:stream';
import type { StoredObject } from '../workflows/contract.ts';
import type { Access } from './access.ts';
import { chunksOf, freeing } from './chunks.ts';
import type { Chunk } from './chunks.ts';
import { createCrc32c } from './crc32c.ts';
import type { Content } from './errors.ts';
import { ObjectExistsError } from './errors.ts';
import { statusOf } from './faults.ts';
import { findObject } from './stat.ts';
import type { Found } from './stat.ts';
import { startUpload, uploadWhole } from './upload.ts';
import type { UploadSession, UploadTarget } from './upload.ts';
import { verified } from './verify.ts';

/** Google's advice: https://cloud.google.com/storage/docs/performing-resumable-uploads#chunked-upload */
const CHUNK_SIZE_BYTES = 8 * 1024 * 1024;

/** How to write. */
export interface WriteOptions {
  /** Default `application/zip`. */
  readonly contentType?: string;
  /** True: an object of that name is replaced, in one step when the new one is whole. Default: it is a fault. */
  readonly mayReplace?: boolean;
  /** Aborts the write; nothing is published then. */
  readonly signal?: AbortSignal;
  /** A multiple of 256 KiB. A chunk is kept until the server has it, so that twice this is the memory of a write. Default: 8 MiB. */
  readonly chunkSizeBytes?: number;
  /** True: nobody else needs the memory of the source's pieces, which is freed as they are read. Default: V8 collects it. */
  readonly ownsPieces?: boolean;
  /** Called after each chunk with the bytes that the server has. */
  readonly onProgress?: (sentBytes: number) => void;
}

/**
 * Streams `source` into a new object, and believes it written only when the server names the same size and CRC32C.
 * Throws {@link ObjectExistsError} when the name is taken, {@link ObjectMismatchError} when the server holds other bytes
 * (they are removed first). The source is read to its end or destroyed.
 */
export async function writeVerified(
  access: Access,
  object: string,
  source: Readable,
  options: WriteOptions,
): Promise<StoredObject> {
  const { contentType = 'application/zip', mayReplace = false, signal } = options;
  const target: UploadTarget = { object, contentType, mayReplace, ...(signal === undefined ? {} : { signal }) };
  const chunks = createMeteredChunks(source, options);
  try {
    const found = await upload(access, target, chunks, options);
    await chunks.free();
    return await verified(access, found, chunks.content());
  } catch (error) {
    if (statusOf(error) !== 412) throw error;
    throw new ObjectExistsError(object, { cause: error });
  } finally {
    source.destroy();
  }
}

/** A source in chunks. */
export interface MeteredChunks {
  next(): Promise<Chunk>;
  /** What the chunks so far came to. */
  content(): Content;
  /** Frees the last ones, when nobody sends them any more. */
  free(): Promise<unknown>;
}

/** The source in chunks, and what they came to. */
export function createMeteredChunks(
  source: Readable,
  {
    signal,
    ownsPieces = false,
    chunkSizeBytes = CHUNK_SIZE_BYTES,
  }: Pick<WriteOptions, 'signal' | 'ownsPieces' | 'chunkSizeBytes'>,
): MeteredChunks {
  const chunks = chunksOf(ownsPieces ? freeing(source) : source, chunkSizeBytes);
  const crc32c = createCrc32c();
  let sizeBytes = 0;
  destroyOnAbort(source, signal);
  const next = async (): Promise<Chunk> => {
    signal?.throwIfAborted();
    const { value } = (await chunks.next()) as IteratorYieldResult<Chunk>;
    crc32c.update(value.bytes);
    sizeBytes += value.bytes.length;
    return value;
  };
  return { next, content: () => ({ sizeBytes, crc32c: crc32c.digest() }), free: () => chunks.next() };
}

async function upload(
  access: Access,
  target: UploadTarget,
  chunks: MeteredChunks,
  options: WriteOptions,
): Promise<Found> {
  const first = await chunks.next();
  if (first.isLast) return uploadWhole(access, target, first.bytes, chunks.content());
  if (!target.mayReplace) await refuseTaken(access, target.object);
  return sendAll(await startUpload(access, target), first, chunks, options);
}

/** Sends one chunk while the next one fills. */
export async function sendAll(
  session: UploadSession,
  first: Chunk,
  chunks: MeteredChunks,
  { onProgress = () => undefined }: Pick<WriteOptions, 'onProgress'>,
): Promise<Found> {
  for (let chunk = first; ;) {
    const [found, next] = await Promise.all([session.send(chunk), chunk.isLast ? undefined : chunks.next()]);
    onProgress(chunk.offset + chunk.bytes.length);
    if (found !== undefined) return found;
    if (next === undefined) throw new Error('the server did not finish an upload of which it has all');
    chunk = next;
  }
}

/** Saves sending gigabytes for nothing, and covers servers that do not check the precondition of a long upload. */
async function refuseTaken(access: Access, object: string): Promise<void> {
  if ((await findObject(access, object)) !== undefined) throw new ObjectExistsError(object);
}

/** A listener that stays would keep the chunks of each try, as the signal of a pod lives as long as the pod. */
function destroyOnAbort(source: Readable, signal: AbortSignal | undefined): void {
  const destroy = (): void => void source.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', destroy, { once: true });
  source.once('close', () => signal?.removeEventListener('abort', destroy));
}
