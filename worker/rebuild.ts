/** Restoring the mirror: what Temporal remembers from the workflows, and from the bucket the ended jobs that it has forgotten. */
import { Readable } from 'node:stream';
import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';
import { recordedEnd } from '../activities/fate.ts';
import { JOBS_OF_OURS, jobOf, submissionIn } from '../activities/job-history.ts';
import type { Bucket } from '../bucket/bucket.ts';
import { recordObjectOf, RECORDS_PREFIX } from '../bucket/objects.ts';
import { readRecord } from '../bucket/records.ts';
import { isStoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { isFinal } from '../workflows/contract.ts';
import type { Job, JobMemo } from '../workflows/contract.ts';

/** What the mirror is restored from, and the mirror. */
export interface RebuildDeps {
  readonly workflows: Pick<WorkflowClient, 'list' | 'getHandle' | 'options'>;
  readonly bucket: Pick<Bucket, 'list' | 'read'>;
  readonly store: Pick<Store, 'record' | 'submissions'>;
}

/** How far a rebuild is. */
export interface Rebuilt {
  /** Jobs that the mirror has for certain. */
  jobs: number;
  /** Those of them whose workflow runs. */
  running: number;
  /** Idempotency keys that the mirror has for certain. */
  keys: number;
  /** One sentence for each workflow or object that could not be restored, beginning with its id. */
  readonly faults: string[];
}

/** Jobs that are read and written at one time. */
const CONCURRENCY = 10;

/**
 * Restores all jobs and keys. May run beside the service, and again: the mirror keeps the newer state of a job.
 * @param rebuilt counts what is done as it is done
 * @throws what Temporal, the bucket or MongoDB say when they are away; one job that cannot be restored stops no other
 */
export async function rebuildMirror(deps: RebuildDeps, rebuilt: Rebuilt): Promise<void> {
  const known = new Set<string>();
  await each(deps.workflows.list({ query: JOBS_OF_OURS }), rebuilt, workflowIdIn, async (info) => {
    const job = await newestOf(deps, info);
    if (job === undefined) return;
    await restore(deps, job, info.memo ?? {}, rebuilt);
    known.add(recordObjectOf(job.id));
    if (info.status.name === 'RUNNING') rebuilt.running++;
  });
  const forgotten = (await deps.bucket.list(RECORDS_PREFIX)).filter((object) => !known.has(object));
  await each(forgotten, rebuilt, String, async (object) =>
    restore(deps, await readRecord(deps.bucket, object), {}, rebuilt),
  );
}

/** A job whose workflow was ended by force may have got its end after that, which the record tells alone. */
async function newestOf({ workflows, bucket }: RebuildDeps, info: WorkflowExecutionInfo): Promise<Job | undefined> {
  const job = await jobOf(workflows, info);
  if (job === undefined || isFinal(job.status) || info.closeTime === undefined) return job;
  return (await recordedEnd(bucket, job.id)) ?? job;
}

/** Does some at a time, and notes what one fails of. */
async function each<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { faults }: Rebuilt,
  idOf: (item: T) => string,
  deed: (item: T) => Promise<void>,
): Promise<void> {
  const attempt = (item: T) =>
    deed(item).catch((error: unknown) => {
      if (isStoreUnavailable(error)) throw error;
      faults.push(`${idOf(item)}: ${error instanceof Error ? error.message : String(error)}`);
    });
  await Readable.from(items).forEach(attempt, { concurrency: CONCURRENCY });
}

async function restore({ store }: RebuildDeps, job: Job, memo: JobMemo, rebuilt: Rebuilt): Promise<void> {
  await store.record(job);
  rebuilt.jobs++;
  const submission = submissionIn(memo, job);
  if (submission === undefined) return;
  await store.submissions.reserve(submission);
  rebuilt.keys++;
}

function workflowIdIn({ workflowId }: WorkflowExecutionInfo): string {
  return workflowId;
}
