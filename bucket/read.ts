import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Access } from './access.ts';
import { createCrc32c } from './crc32c.ts';
import type { Content } from './errors.ts';
import { ObjectMismatchError, ObjectMissingError } from './errors.ts';
import { statusOf } from './faults.ts';
import { brokenConnection, open } from './http.ts';
import { createPatience } from './patience.ts';
import { findObject, objectUrl, sameContent } from './stat.ts';

/** How to read. */
export interface ReadOptions {
  /** What the object must hold. Absent: what the bucket says it holds. */
  readonly expected?: Content;
  /** Ends the read at once, also while it waits for a network that is gone. */
  readonly signal?: AbortSignal;
}

/**
 * The content of an object, pinned to the generation found at the start. After a transient fault it goes on where it
 * stopped. Fails with {@link ObjectMissingError}, with {@link ObjectMismatchError} at once when the object is not the
 * expected one, and at its end when the bytes are not what they should be.
 */
export function readVerified(access: Access, object: string, options: ReadOptions): Readable {
  return Readable.from(verifiedChunks(access, object, options), { objectMode: false, highWaterMark: 64 * 1024 });
}

async function* verifiedChunks(access: Access, object: string, options: ReadOptions): AsyncGenerator<Buffer> {
  const found = await findObject(access, object, options.signal);
  if (found === undefined) throw new ObjectMissingError(object);
  const expected = options.expected ?? found.stored;
  if (!sameContent(found.stored, expected)) throw new ObjectMismatchError(object, expected, found.stored);
  const url = `${objectUrl(access, object)}?alt=media&generation=${found.generation}`;
  const source = { object, url, patienceMs: access.patienceMs, authorization: () => access.authorization() };
  yield* checkedChunks(source, expected, options.signal);
}

/** Where the bytes of an object come from. */
export interface ByteSource extends Pick<Access, 'patienceMs' | 'authorization'> {
  readonly object: string;
  readonly url: string;
}

/** The bytes that `source` has. Fails at the end with {@link ObjectMismatchError} when they are not as `expected`. */
export async function* checkedChunks(
  source: ByteSource,
  expected: Content,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const crc32c = createCrc32c();
  let sizeBytes = 0;
  for await (const chunk of resumedChunks(source, expected.sizeBytes, signal)) {
    crc32c.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  const actual = { sizeBytes, crc32c: crc32c.digest() };
  if (!sameContent(actual, expected)) throw new ObjectMismatchError(source.object, expected, actual);
}

/** All chunks, over as many connections as it takes. An early end is a broken connection. */
async function* resumedChunks(source: ByteSource, sizeBytes: number, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const patience = createPatience({ limitMs: source.patienceMs, signal });
  let isOurs = true; // false while the reader holds a chunk: what it throws then is not a fault of the network
  for (let offset = 0; offset < sizeBytes;) {
    try {
      for await (const chunk of (await openAt(source, offset, signal)) as AsyncIterable<Buffer>) {
        patience.reset();
        offset += chunk.length;
        isOurs = false;
        yield chunk;
        isOurs = true;
      }
      if (offset < sizeBytes) throw brokenConnection('the connection ended early');
    } catch (error) {
      if (statusOf(error) === 404) throw new ObjectMissingError(source.object, { cause: error });
      if (!isOurs) throw error;
      await patience.afterFailure(error);
    }
  }
}

async function openAt(source: ByteSource, offset: number, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const { object, url } = source;
  const range: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
  const response = await open({
    method: 'GET',
    url,
    headers: { ...(await source.authorization()), ...range },
    ...(signal === undefined ? {} : { signal }),
  });
  if (offset === 0 || response.statusCode === 206) return response;
  response.destroy();
  throw new Error(`the server began ${object} anew instead of at byte ${offset}`);
}
