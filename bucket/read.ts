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
import type { Found } from './stat.ts';

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
  const crc32c = createCrc32c();
  let sizeBytes = 0;
  for await (const chunk of resumedChunks(access, found, options.signal)) {
    crc32c.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  const actual = { sizeBytes, crc32c: crc32c.digest() };
  if (sizeBytes !== expected.sizeBytes || actual.crc32c !== expected.crc32c) {
    throw new ObjectMismatchError(object, expected, actual);
  }
}

/** All chunks, over as many connections as it takes. An early end is a broken connection. */
async function* resumedChunks(access: Access, found: Found, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const patience = createPatience({ limitMs: access.patienceMs, signal });
  let isOurs = true; // false while the reader holds a chunk: what it throws then is not a fault of the network
  for (let offset = 0; offset < found.stored.sizeBytes;) {
    try {
      for await (const chunk of (await openAt(access, found, offset, signal)) as AsyncIterable<Buffer>) {
        patience.reset();
        offset += chunk.length;
        isOurs = false;
        yield chunk;
        isOurs = true;
      }
      if (offset < found.stored.sizeBytes) throw brokenConnection('the connection ended early');
    } catch (error) {
      if (statusOf(error) === 404) throw new ObjectMissingError(found.stored.object, { cause: error });
      if (!isOurs) throw error;
      await patience.afterFailure(error);
    }
  }
}

async function openAt(
  access: Access,
  { stored, generation }: Found,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const range: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
  const response = await open({
    method: 'GET',
    url: `${objectUrl(access, stored.object)}?alt=media&generation=${generation}`,
    headers: { ...(await access.authorization()), ...range },
    ...(signal === undefined ? {} : { signal }),
  });
  if (offset === 0 || response.statusCode === 206) return response;
  response.destroy();
  throw new Error(`the server began ${stored.object} anew instead of at byte ${offset}`);
}
