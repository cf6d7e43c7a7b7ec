import type { Failure, Job, JobOutput } from '../workflows/contract.ts';
import { defined } from './objects.ts';

/** A job as clients see it: the seed's fields and ours, times in epoch milliseconds. Unknown fields are absent. */
export interface PresentedJob {
  readonly created: number;
  readonly id: string;
  readonly job_parameters: Job['parameters'];
  readonly name: string;
  readonly output_file_url?: string;
  readonly start_time?: number;
  readonly status: Job['status'];
  readonly stop_time?: number;
  readonly phase: Job['phase'];
  /** Why a single job waits, in the cluster's own words, as it is at this moment. */
  readonly explain?: string;
  readonly exit_code?: number;
  readonly failure?: PresentedFailure;
  readonly output?: PresentedOutput;
  readonly labels?: Readonly<Record<string, string>>;
  readonly released_time?: number;
  readonly workflow_id: string;
  readonly kill_requested: boolean;
}

/** Why a job failed, as clients see it. */
export interface PresentedFailure extends Omit<Failure, 'exitCode'> {
  readonly exit_code?: number;
}

/** The output zip, as clients see it. */
export interface PresentedOutput {
  readonly bytes: number;
  readonly files: number;
  readonly crc32c: string;
  /** False when the task failed, or ran out of time, before it had written all. */
  readonly complete: boolean;
}

/**
 * A job as clients see it.
 * @param outputFileUrl signed for this answer; absent when the job has no output
 */
export function presentJob(job: Job, outputFileUrl?: string): PresentedJob {
  return defined({
    created: job.created,
    id: job.id,
    job_parameters: job.parameters,
    name: job.name,
    output_file_url: outputFileUrl,
    start_time: job.startTime,
    status: job.status,
    stop_time: job.stopTime,
    phase: job.phase,
    exit_code: job.exitCode,
    failure: job.failure && presentFailure(job.failure),
    output: job.output && presentOutput(job.output),
    labels: job.parameters.labels,
    released_time: job.releasedTime,
    workflow_id: job.workflowId,
    kill_requested: job.killRequested,
  });
}

function presentFailure(failure: Failure): PresentedFailure {
  const { reason, phase, container, exitCode, signal, message, hint, retryable } = failure;
  return defined({ reason, phase, container, exit_code: exitCode, signal, message, hint, retryable });
}

function presentOutput({ sizeBytes, files, crc32c, complete }: JobOutput): PresentedOutput {
  return { bytes: sizeBytes, files, crc32c, complete };
}
