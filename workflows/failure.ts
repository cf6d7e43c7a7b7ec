import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { ERROR_TYPES } from './names.ts';
import type { Failure, Job, JobPhase } from './contract.ts';
import type { FailureReason } from './failure-reasons.ts';
import { failureOf } from './reasons.ts';

/** An attempt failed, and why. */
export class JobFailedError extends Error {
  override readonly name: string = 'JobFailedError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** It was the task that failed, or never ran. */
export class TaskFailedError extends JobFailedError {
  override readonly name = 'TaskFailedError';
}

/** Why an attempt ended; undefined for what is no failure of an attempt: a kill, or a fault of our own. */
export function failureIn(error: unknown, phase: JobPhase): Failure | undefined {
  if (error instanceof JobFailedError) return error.failure;
  return error instanceof ActivityFailure && !isCancellation(error) ? stepFailure(error, phase).failure : undefined;
}

/** What the end of the main line means for the job: the change that its ending makes. What is known of it already, stays. */
export function endingOf(error: unknown, job: Job): Partial<Job> {
  if (job.failure) return { status: 'failed' };
  if (job.killRequested || isCancellation(error)) return { status: 'killed', killRequested: true };
  if (error instanceof JobFailedError) return { status: 'failed', failure: error.failure };
  if (error instanceof ActivityFailure) return { status: 'failed', ...stepFailure(error, job.phase) };
  throw error;
}

interface StepFailure {
  readonly failure: Failure;
  readonly clusterResponse?: unknown;
}

/** A step that can never succeed: the cluster refused it, or the bucket does not hold what it should. */
function stepFailure(error: ActivityFailure, phase: JobPhase): StepFailure {
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
    case ERROR_TYPES.sealBroken:
      return 'ConfigError';
    default:
      return 'Unknown';
  }
}
