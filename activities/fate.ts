import type { WorkflowExecutionDescription, WorkflowClient } from '@temporalio/client';
import type { Bucket } from '../bucket/bucket.ts';
import { isBadRecord, isObjectMissing } from '../bucket/errors.ts';
import { recordObjectOf } from '../bucket/objects.ts';
import { readRecord } from '../bucket/records.ts';
import type { Job } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { forcedEndIn, jobIn, readerOf, unlessForgotten } from './job-history.ts';
import { describeJob } from './open-jobs.ts';

/** What became of a job, by its workflow and by the record of its end. */
export type Fate =
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly job: Job }
  | Abandoned
  /** Temporal does not know its workflow, and no end was recorded. */
  | { readonly kind: 'forgotten' };

/** The workflow has closed without an end of the job: it was terminated, or failed, or timed out. */
export interface Abandoned {
  readonly kind: 'abandoned';
  /** The job as its history tells of it last. */
  readonly job: Job;
  /** What was done to the workflow. */
  readonly cause: string;
  /** The spooled input that it was started with. */
  readonly inputObject?: string;
}

interface FateDeps {
  readonly workflows: Pick<WorkflowClient, 'getHandle' | 'options'>;
  readonly bucket: Pick<Bucket, 'read'>;
}

/**
 * What became of the job; no worker is asked.
 * @throws what Temporal and the bucket say when they are away: unknown is no fate
 */
export async function fateOf({ workflows, bucket }: FateDeps, { id, name }: JobRef): Promise<Fate> {
  const run = await describeJob(workflows, name);
  const isOther = run?.memo?.['jobId'] !== undefined && run.memo['jobId'] !== id;
  if (run && !isOther && run.closeTime === undefined) return { kind: 'open' };
  const recorded = await recordedEnd(bucket, id);
  if (recorded) return { kind: 'ended', job: recorded };
  const told = run && (await unlessForgotten(() => fateIn(workflows, run)));
  return told?.job.id === id ? told : { kind: 'forgotten' };
}

/** The end that was recorded of the job with this id; undefined when there is none that can be read. */
export async function recordedEnd(bucket: Pick<Bucket, 'read'>, id: string): Promise<Job | undefined> {
  try {
    return await readRecord(bucket, recordObjectOf(id));
  } catch (error) {
    if (isObjectMissing(error) || isBadRecord(error)) return undefined;
    throw error;
  }
}

async function fateIn(
  workflows: FateDeps['workflows'],
  { workflowId, runId, status, memo }: WorkflowExecutionDescription,
): Promise<Extract<Fate, { job: Job }>> {
  const handle = workflows.getHandle(workflowId, runId);
  if (status.name === 'COMPLETED') return { kind: 'ended', job: (await handle.result()) as Job };
  const history = await handle.fetchHistory();
  const reader = readerOf(workflows);
  const inputObject = memo?.['inputObject'] as string | undefined;
  return {
    kind: 'abandoned',
    job: await jobIn(history, reader),
    cause: await forcedEndIn(history, reader),
    ...(inputObject !== undefined && { inputObject }),
  };
}
