import type { Readable } from 'node:stream';
import type { StoredObject } from '../workflows/contract.ts';
import { createAccess } from './access.ts';
import type { BucketOptions } from './access.ts';
import { copyIn } from './copy-in.ts';
import type { NamedObject } from './copy.ts';
import { promoteObject } from './promote.ts';
import { readRange } from './range.ts';
import { openReader, readVerified } from './read.ts';
import type { ObjectReader, ReadOptions } from './read.ts';
import { listObjects } from './list.ts';
import type { ListedObject } from './list.ts';
import { removeObject, removeObjects } from './remove.ts';
import { signUploadUrl, signUrl } from './sign.ts';
import type { SignedUploadOptions, SignedUrlOptions } from './sign.ts';
import { findObject } from './stat.ts';
import { writeVerified } from './write.ts';
import type { WriteOptions } from './write.ts';

export type { BucketOptions } from './access.ts';
export type { ListedObject } from './list.ts';
export type { NamedObject } from './copy.ts';
export type { ObjectReader } from './read.ts';

/** The bucket that holds inputs, outputs and logs. Transient faults are retried inside, for as long as its options say. */
export interface Bucket {
  /**
   * Streams `source` into a new object, in flat memory (two chunks at most).
   * Throws `ObjectExistsError` when the name is taken, `ObjectMismatchError` when the server holds other bytes.
   */
  write(object: string, source: Readable, options?: WriteOptions): Promise<StoredObject>;
  /**
   * The object's bytes. The stream fails with `ObjectMissingError`, or at its end with `ObjectMismatchError` when they
   * are not what the server said they would be. With `expected` it fails before the first byte when the object is
   * another one.
   */
  read(object: string, options?: ReadOptions): Readable;
  /**
   * Opens an object of which parts are read as well as the whole, all of one generation. Throws `ObjectMissingError`, and
   * `ObjectMismatchError` when it is not the expected one.
   */
  openReader(object: string, options?: ReadOptions): Promise<ObjectReader>;
  /**
   * Copies an object of any bucket, as it is now, into a new one of ours. Throws `ObjectMissingError` when it does not exist,
   * `ObjectTooLargeError` when it has more than `maxBytes`.
   */
  copyIn(source: NamedObject, object: string, maxBytes: number): Promise<StoredObject>;
  /** A part of the object, which must have it; not checked. Throws `ObjectMissingError`. */
  readRange(object: string, offset: number, lengthBytes: number): Promise<Buffer>;
  /** Size and checksum; undefined only after a positive answer that there is no such object. */
  stat(object: string): Promise<StoredObject | undefined>;
  /**
   * Gives the content of `from` its final name `to` and removes `from`. May be repeated: the second time it is done.
   * Throws `ObjectMismatchError` when either holds another content, `ObjectMissingError` when neither exists.
   */
  promote(from: StoredObject, to: string): Promise<StoredObject>;
  /** Removes an object, or finds that it is gone. With `generation` only this very content; throws when it was replaced. */
  remove(object: string, generation?: number): Promise<void>;
  /** Removes all objects that begin with `prefix`, which is not empty, the first by name at last. */
  removeAll(prefix: string): Promise<void>;
  /** Names of all objects that begin with `prefix`, sorted. For repair and tests: it holds them all in memory. */
  list(prefix: string): Promise<string[]>;
  /** The same with their ages. */
  listAged(prefix: string): Promise<ListedObject[]>;
  /** A URL under which anyone may GET the object until it expires. Needs a service account key. */
  signedUrl(object: string, options: SignedUrlOptions): Promise<string>;
  /** A URL by which anyone may start uploads of this object until it expires; a `SignedBucket` writes by it. */
  signedUploadUrl(object: string, options: SignedUploadOptions): Promise<string>;
}

/** Opens the bucket; makes no request yet. Throws when `apiEndpoint` is not a URL. */
export function createBucket(options: BucketOptions): Bucket {
  const access = createAccess(options);
  return {
    write: (object, source, writeOptions = {}) => writeVerified(access, object, source, writeOptions),
    read: (object, readOptions = {}) => readVerified(access, object, readOptions),
    openReader: (object, readOptions = {}) => openReader(access, object, readOptions),
    copyIn: (source, object, maxBytes) => copyIn(access, source, object, maxBytes),
    readRange: (object, offset, lengthBytes) => readRange(access, object, offset, lengthBytes),
    stat: async (object) => (await findObject(access, object))?.stored,
    promote: (from, to) => promoteObject(access, from, to),
    remove: (object, generation) => removeObject(access, object, generation),
    removeAll: (prefix) => removeObjects(access, prefix),
    list: async (prefix) => (await listObjects(access, prefix)).map(({ object }) => object),
    listAged: (prefix) => listObjects(access, prefix),
    signedUrl: (object, signOptions) => signUrl(access, object, signOptions),
    signedUploadUrl: (object, signOptions) => signUploadUrl(access, object, signOptions),
  };
}
