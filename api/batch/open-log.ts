/** Where a log is: on the cluster, or kept in the bucket. */
import { Readable } from 'node:stream';
import type { Bucket } from '../../bucket/bucket.ts';
import { isObjectMissing } from '../../bucket/errors.ts';
import type { ReadOptions } from '../../bucket/read.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { ContainerRole, Job } from '../../workflows/contract.ts';
import { attemptOf } from '../../workflows/state.ts';
import type { ApiDeps, JobLogOptions } from '../deps.ts';
import { lastLines, MAX_TAIL_BYTES } from '../tail.ts';
import { askWorkflow } from './find.ts';

/** Which log of a job. */
export interface WantedLog {
  readonly container: ContainerRole;
  readonly attempt: number;
}

/** The log of a container of one attempt. An earlier attempt has only what is kept of it. Undefined when there is none. */
export async function openAttempt(
  deps: ApiDeps,
  job: Job,
  { container, attempt }: WantedLog,
  options: JobLogOptions,
): Promise<Readable | undefined> {
  const earlier = job.attempts?.[attempt - 1];
  if (earlier !== undefined) return await openKept(deps, earlier, container, options);
  return attempt === attemptOf(job) ? await openLog(deps, job, container, options) : undefined;
}

async function openLog(
  deps: ApiDeps,
  job: Job,
  container: ContainerRole,
  options: JobLogOptions,
): Promise<Readable | undefined> {
  const kept = await openKept(deps, job, container, options);
  if (kept !== undefined || isFinal(job.status)) return kept;
  const live = await deps.readLog(job, container, options);
  // The job may have ended between the two looks.
  return live ?? (await openKept(deps, await askWorkflow(deps, job), container, options));
}

async function openKept(
  { bucket }: ApiDeps,
  { logObjects }: Pick<Job, 'logObjects'>,
  container: ContainerRole,
  { tailLines, signal }: JobLogOptions,
): Promise<Readable | undefined> {
  const object = logObjects?.[container];
  if (object === undefined) return undefined;
  try {
    if (tailLines === undefined) return await opened(bucket.read(object, { signal }));
    return lastLines(await opened(await readEnd(bucket, object, { signal })), tailLines);
  } catch (error) {
    if (isObjectMissing(error)) return undefined;
    throw error;
  }
}

/** The end of a kept log, which {@link lastLines} needs. The lines before it are not read. */
async function readEnd(bucket: Bucket, object: string, options: ReadOptions): Promise<Readable> {
  const reader = await bucket.openReader(object, options);
  const start = reader.sizeBytes - MAX_TAIL_BYTES;
  return Readable.from(start > 0 ? reader.part(start, reader.sizeBytes) : reader.all(), { objectMode: false });
}

/** Resolves once the first bytes, or the end, are there: until then a failure can still become an answer. */
async function opened(stream: Readable): Promise<Readable> {
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  const ready = () => {
    resolve(stream);
  };
  stream.once('readable', ready).once('end', ready).once('error', reject);
  return await promise.finally(() => stream.off('readable', ready).off('end', ready).off('error', reject));
}
