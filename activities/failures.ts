import { ApplicationFailure } from '@temporalio/common';
import { isObjectMismatch, isObjectMissing } from '../bucket/errors.ts';
import { ClusterRefusedError, isPermanent, NotOursError } from '../cluster/errors.ts';
import { SealError } from '../sealing.ts';
import { NameTakenError } from '../store/errors.ts';
import { ERROR_TYPES } from '../workflows/names.ts';

/** Longest message that is worth a place in a history. */
const MESSAGE_LIMIT = 2048;

/**
 * Temporal keeps 4 KiB of the failure of a step that is tried again, stack and all, and drops the details of a larger one
 * (`limit.mutableStateActivityFailureSize.error`); so there is no room for a cause, either.
 */
const RETRIED_MESSAGE_LIMIT = 512;

/**
 * What an activity's error is to the workflow: permanent faults become non-retryable failures of a named type,
 * all others stay as they are and are retried.
 */
export function activityFailure(error: unknown): unknown {
  if (isPermanent(error)) {
    return permanent(ERROR_TYPES.clusterRefused, error, error.status);
  }
  if (error instanceof NotOursError) return permanent(ERROR_TYPES.notOurs, error);
  if (isObjectMismatch(error) || isObjectMissing(error)) return permanent(ERROR_TYPES.objectMismatch, error);
  if (error instanceof SealError) return permanent(ERROR_TYPES.sealBroken, error);
  if (error instanceof NameTakenError) return permanent(ERROR_TYPES.nameTaken, error);
  return error;
}

/** The same for the mirror: a name that another job has is final, and what the bucket took wrongly is sent again. */
export function mirrorFailure(error: unknown): unknown {
  return error instanceof NameTakenError ? activityFailure(error) : error;
}

/**
 * The same for steps that are tried again whatever the server says: a refusal of the cluster keeps its whole answer, for whoever asks
 * what the step is waiting for.
 */
export function retriedFailure(error: unknown): unknown {
  if (!(error instanceof ClusterRefusedError)) return error;
  const status = { ...error.status, message: (error.status.message ?? '').slice(0, RETRIED_MESSAGE_LIMIT) };
  const message = error.message.slice(0, RETRIED_MESSAGE_LIMIT);
  return ApplicationFailure.create({ message, type: ERROR_TYPES.clusterRefused, details: [status] });
}

/** Wraps every activity so that its errors go through `failureOf`. */
export function withFailures<A extends Record<string, (...args: never[]) => Promise<unknown>>>(
  activities: A,
  failureOf: (error: unknown) => unknown = activityFailure,
): A {
  const wrap =
    (activity: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        throw failureOf(error);
      }
    };
  const entries = Object.entries(activities).map(([name, activity]) => [name, wrap(activity)] as const);
  return Object.fromEntries(entries) as A;
}

function permanent(type: string, error: Error, ...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({
    message: error.message.slice(0, MESSAGE_LIMIT),
    type,
    nonRetryable: true,
    details,
    cause: error,
  });
}
