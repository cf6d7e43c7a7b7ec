import { randomUUID } from 'node:crypto';
import { createBucket } from '../../bucket/bucket.ts';
import type { Bucket, BucketOptions } from '../../bucket/bucket.ts';
import { required } from './environment.ts';

/** A bucket of a test's own on the server that the stack runs. */
export interface TestBucket {
  readonly options: BucketOptions & { readonly apiEndpoint: string };
  readonly bucket: Bucket;
}

/** Makes an empty bucket with a name that no other test has. */
export async function createTestBucket(extra: Partial<BucketOptions> = {}): Promise<TestBucket> {
  const apiEndpoint = required('GC_API_ENDPOINT');
  const options = { apiEndpoint, bucketName: `test-${randomUUID()}`, ...extra };
  const answer = await fetch(`${apiEndpoint}/storage/v1/b?project=test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: options.bucketName }),
  });
  if (!answer.ok) throw new Error(`the server made no bucket: ${answer.status} ${await answer.text()}`);
  return { options, bucket: createBucket(options) };
}
