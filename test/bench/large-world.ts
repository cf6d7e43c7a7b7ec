import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBucket } from '../../bucket/bucket.ts';
import type { Bucket, BucketOptions } from '../../bucket/bucket.ts';
import { outputObjectOf } from '../../bucket/objects.ts';
import type { StoredObject } from '../../workflows/contract.ts';
import { required } from '../support/environment.ts';
import { createOneStreamGcs } from '../support/one-stream-gcs.ts';
import { startOwnService } from '../support/own-service.ts';
import type { Closing } from '../support/scope.ts';
import { storedZip } from '../support/stored-zip.ts';
import { createTestFolder } from '../support/trees.ts';
import { curl } from './curl.ts';

/** A service of its own, a large zip, and the ways to the bucket that go past the service. */
export interface LargeWorld {
  readonly mebibytes: number;
  readonly apiPid: number;
  readonly options: BucketOptions;
  readonly bucket: Bucket;
  /** Of files, with an empty one called `unpacked` in it; gone when the scope ends. */
  readonly folder: string;
  /** Path of a zip of one file that cannot be compressed. */
  readonly zip: string;
  /** The same as an output in the bucket. */
  readonly stored: StoredObject;
  /** Address from which anybody gets an object. */
  urlOf(object: string): string;
  /** Sends a file to the bucket by `curl`, in one request. */
  put(file: string, object: string): Promise<unknown>;
}

/** Starts the service and makes the zip, until `scope` ends. */
export async function openLargeWorld(scope: Closing, mebibytes: number): Promise<LargeWorld> {
  const apiEndpoint = await createOneStreamGcs(scope);
  const { apiPid } = await startOwnService(scope, () => Promise.resolve({ GC_API_ENDPOINT: apiEndpoint }));
  const bucketName = required('GC_BUCKET_NAME');
  const options = { apiEndpoint, bucketName, credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH') };
  const bucket = createBucket(options);
  const put: LargeWorld['put'] = (file, object) =>
    curl('--upload-file', file, '--request', 'POST', uploadUrlOf(options, object));
  const { folder, zip } = await makeFiles(scope, mebibytes);
  const object = outputObjectOf(`large-${randomUUID().slice(0, 8)}`);
  await put(zip, object);
  scope.after(() => bucket.remove(object));
  const stored = await bucket.stat(object);
  if (stored === undefined) throw new Error('the zip is not in the bucket');
  return {
    ...{ mebibytes, apiPid, options, bucket, folder, zip, stored, put },
    urlOf: (name) => `${apiEndpoint}/${bucketName}/${name}`,
  };
}

async function makeFiles(scope: Closing, mebibytes: number): Promise<{ folder: string; zip: string }> {
  const folder = createTestFolder();
  scope.after(() => folder[Symbol.dispose]());
  mkdirSync(join(folder.path, 'unpacked'));
  const zip = join(folder.path, 'large.zip');
  await pipeline(Readable.from(storedZip(mebibytes * 1024 ** 2)), createWriteStream(zip));
  return { folder: folder.path, zip };
}

function uploadUrlOf({ apiEndpoint = '', bucketName }: BucketOptions, object: string): string {
  return `${apiEndpoint}/upload/storage/v1/b/${bucketName}/o?uploadType=media&name=${object}`;
}
