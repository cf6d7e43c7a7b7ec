import { Readable } from 'node:stream';
import type { Access } from './access.ts';
import { spanChunks } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { createCrc32c } from './crc32c.ts';
import type { Content } from './errors.ts';
import { ObjectMismatchError, ObjectMissingError } from './errors.ts';
import { findObject, objectUrl, sameContent } from './stat.ts';

/** How to read. */
export interface ReadOptions {
  /** What the object must hold. Absent: what the bucket says it holds. */
  readonly expected?: Content;
  /** Ends the read at once, also while it waits for a network that is gone. */
  readonly signal?: AbortSignal;
}

/**
 * One content of an object, from which bytes are read more than once. Each read goes on where it stopped after a transient fault, and
 * fails with {@link ObjectMissingError}.
 */
export interface ObjectReader {
  readonly sizeBytes: number;
  /** All bytes, as they arrive. Fails at their end with {@link ObjectMismatchError} when they are not what they should be. */
  all(): AsyncGenerator<Buffer>;
  /** The bytes from `start` up to, and not with, `end`, which the object must have. What they are is not checked. */
  part(start: number, end: number): AsyncGenerator<Buffer>;
}

/**
 * Opens an object to be read, pinned to the generation found now. Rejects with {@link ObjectMissingError}, and with
 * {@link ObjectMismatchError} when it is not the expected one.
 */
export async function openReader(access: Access, object: string, options: ReadOptions): Promise<ObjectReader> {
  const found = await findObject(access, object, options.signal);
  if (found === undefined) throw new ObjectMissingError(object);
  const expected = options.expected ?? found.stored;
  if (!sameContent(found.stored, expected)) throw new ObjectMismatchError(object, expected, found.stored);
  const url = `${objectUrl(access, object)}?alt=media&generation=${found.generation}`;
  const source = { object, url, patienceMs: access.patienceMs, authorization: () => access.authorization() };
  return createReader(source, expected, options.signal);
}

/** Reads what `source` has, which should be as `expected`; makes no request yet. */
export function createReader(source: ByteSource, expected: Content, signal?: AbortSignal): ObjectReader {
  return {
    sizeBytes: expected.sizeBytes,
    all: () => checkedChunks(source, expected, signal),
    part: (start, end) => spanChunks(source, { start, end }, signal),
  };
}

/** The content of an object as one stream: see {@link openReader} and {@link ObjectReader.all}. */
export function readVerified(access: Access, object: string, options: ReadOptions): Readable {
  return Readable.from(verifiedChunks(access, object, options), { objectMode: false, highWaterMark: 64 * 1024 });
}

async function* verifiedChunks(access: Access, object: string, options: ReadOptions): AsyncGenerator<Buffer> {
  yield* (await openReader(access, object, options)).all();
}

async function* checkedChunks(source: ByteSource, expected: Content, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const crc32c = createCrc32c();
  let sizeBytes = 0;
  for await (const chunk of spanChunks(source, { start: 0, end: expected.sizeBytes, isToTheEnd: true }, signal)) {
    crc32c.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  const actual = { sizeBytes, crc32c: crc32c.digest() };
  if (!sameContent(actual, expected)) throw new ObjectMismatchError(source.object, expected, actual);
}
