/** The bucket of who has a signed URL and nothing else. */
import type { Readable } from 'node:stream';
import type { StoredObject } from '../workflows/contract.ts';
import type { Bucket } from './bucket.ts';
import { ObjectMismatchError } from './errors.ts';
import type { HttpRequest } from './http.ts';
import { createReader } from './read.ts';
import type { ObjectReader, ReadOptions } from './read.ts';
import { metadataHeaders } from './sign.ts';
import { sameContent } from './stat.ts';
import { openSession } from './upload.ts';
import type { UploadTarget } from './upload.ts';
import { createMeteredChunks, sendAll } from './write.ts';
import type { WriteOptions } from './write.ts';

/** What a pod is given. */
export interface SignedBucketOptions {
  /** Made by `signedUrl` to read, or by `signedUploadUrl` to write, of the very object that is then asked for. */
  readonly url: string;
  /** How long to bear with a bucket that is away, in milliseconds. */
  readonly patienceMs: number;
  /** The deployment that an upload URL was signed for; see `BucketOptions`. */
  readonly instance?: string;
}

/** What can be done with a signed URL. */
export type SignedBucket = Pick<Bucket, 'openReader' | 'write'>;

const nobody = () => Promise.resolve({});

/** Opens the bucket; makes no request yet. Throws when `url` is not a URL. */
export function createSignedBucket(options: SignedBucketOptions): SignedBucket {
  const access = { ...options, endpoint: new URL(options.url).origin };
  return {
    openReader: (object, readOptions = {}) => Promise.resolve(openSigned(access, object, readOptions)),
    write: (object, source, writeOptions = {}) => writeSigned(access, object, source, writeOptions),
  };
}

interface SignedAccess extends SignedBucketOptions {
  readonly endpoint: string;
}

/** The signature is good for one object; that it is the expected one is seen at its end. */
function openSigned(
  { url, patienceMs }: SignedAccess,
  object: string,
  { expected, signal }: ReadOptions,
): ObjectReader {
  if (expected === undefined) throw new Error(`nothing says what ${object} should hold`);
  return createReader({ object, url, patienceMs, authorization: nobody }, expected, signal);
}

/** An object that is there is replaced when the new one is whole: what a broken try has left cannot be removed from here. */
async function writeSigned(
  access: SignedAccess,
  object: string,
  source: Readable,
  options: WriteOptions,
): Promise<StoredObject> {
  const { contentType = 'application/zip', signal } = options;
  const target = { object, contentType, mayReplace: true, ...(signal && { signal }) };
  const chunks = createMeteredChunks(source, options);
  try {
    const session = await openSession(access, target, () => Promise.resolve(startRequest(access, target)));
    const { stored } = await sendAll(session, await chunks.next(), chunks, options);
    await chunks.free();
    if (!sameContent(stored, chunks.content())) throw new ObjectMismatchError(object, chunks.content(), stored);
    return stored;
  } finally {
    source.destroy();
  }
}

/** The headers are signed, so each has to be there as it was signed. */
function startRequest({ url, instance }: SignedAccess, { contentType, signal }: UploadTarget): HttpRequest {
  const metadata = metadataHeaders(instance === undefined ? {} : { instance });
  const headers = { 'content-type': contentType, 'x-goog-resumable': 'start', ...metadata };
  return { method: 'POST', url, headers, ...(signal && { signal }) };
}
