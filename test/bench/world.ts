import { randomBytes } from 'node:crypto';
import { createBucket } from '../../bucket/bucket.ts';
import type { Bucket } from '../../bucket/bucket.ts';
import type { PodSettings } from '../../cluster/pod-settings.ts';
import { sampleJob, sampleZip } from '../../deploy/local/sample-job.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { required } from '../support/environment.ts';
import { podSettings } from '../support/objects.ts';

/** What all measures need of the stack. */
export interface World {
  readonly bucket: Bucket;
  /** As the worker of the stack has them. */
  readonly pods: PodSettings;
  /** The ordinary job, with its input. */
  readonly parameters: JobParameters;
  readonly zip: Buffer<ArrayBuffer>;
}

/** Of the stack that the environment names. */
export async function openWorld(): Promise<World> {
  const options = {
    bucketName: required('GC_BUCKET_NAME'),
    apiEndpoint: required('GC_API_ENDPOINT'),
    credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH'),
  };
  return {
    bucket: createBucket(options),
    pods: podSettings({ transfer: { image: required('TRANSFER_IMAGE'), credentials: 'secret', ...options } }),
    parameters: sampleJob(required('IMAGE_BUSYBOX')),
    zip: await sampleZip(),
  };
}

/** How long `deed` takes, in milliseconds. */
export async function timed(deed: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await deed();
  return performance.now() - startedMs;
}

/** Names of `count` jobs that no other run uses. */
export function names(prefix: string, count: number): string[] {
  const run = randomBytes(4).toString('hex');
  return Array.from({ length: count }, (_, at) => `${prefix}-${run}-${at}`);
}
