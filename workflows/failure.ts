import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { ERROR_TYPES } from './contract.ts';
import type { Failure, FailureReason, Job, JobPhase } from './contract.ts';
import { failureOf } from './reasons.ts';

/** The job failed, and why. Ends the story's main line. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What the end of the main line means for the job: the change that its ending makes. What is known of it already, stays. */
export function endingOf(error: unknown, job: Job): Partial<Job> {
  if (job.failure) return { status: 'failed' };
  if (job.killRequested || isCancellation(error)) return { status: 'killed', killRequested: true };
  if (error instanceof JobFailedError) return { status: 'failed', failure: error.failure };
  if (error instanceof ActivityFailure) return { status: 'failed', ...stepFailure(error, job.phase) };
  throw error;
}

/** A step that can never succeed: the cluster refused it, or the bucket does not hold what it should. */
function stepFailure(error: ActivityFailure, phase: JobPhase): Pick<Job, 'failure' | 'clusterResponse'> {
  const cause = error.cause;
  const message = `${error.activityType}: ${cause?.message ?? error.message}`;
  if (!(cause instanceof ApplicationFailure))
    return { failure: { ...failureOf('Unknown', phase, message), retryable: true } };
  const response = cause.type === ERROR_TYPES.clusterRefused ? cause.details?.[0] : undefined;
  return {
    failure: { ...failureOf(reasonOf(cause.type, phase), phase, message), retryable: false },
    ...(response !== undefined && { clusterResponse: response }),
  };
}

function reasonOf(type: string | undefined | null, phase: JobPhase): FailureReason {
  switch (type) {
    case ERROR_TYPES.clusterRefused:
    case ERROR_TYPES.notOurs:
      return 'ClusterError';
    case ERROR_TYPES.objectMismatch:
      return phase === 'preparing' ? 'InputUnavailable' : 'OutputUploadFailed';
    default:
      return 'Unknown';
  }
}
