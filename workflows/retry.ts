import type { Attempt, Failure } from './contract.ts';
import type { FailureReason } from './failure-reasons.ts';
import type { RetryPolicy } from './parameters.ts';

const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_BACKOFF_SECONDS = 10;
const LONGEST_BACKOFF_MS = 3_600_000;

/** The cluster's doing: the same task may well end well on another node, however often. */
const DISRUPTIONS: ReadonlySet<FailureReason> = new Set(['Evicted', 'NodeLost']);

/** A job that uses its node up is evicted again and again: even what does not count has an end. */
export const MAX_DISRUPTIONS = 20;

/**
 * How long to wait until the next attempt, in milliseconds; undefined when none follows. Pure.
 * @param failure of the attempt that has just ended
 * @param earlier the attempts before it
 */
export function waitBeforeRetry(
  failure: Failure,
  earlier: readonly Attempt[],
  policy?: RetryPolicy,
): number | undefined {
  if (policy?.max_attempts === 1) return undefined;
  const isDisruption = isDisruptive(failure);
  const alike = earlier.filter((attempt) => isDisruptive(attempt.failure) === isDisruption).length;
  const isWanted = isDisruption
    ? alike < MAX_DISRUPTIONS
    : alike + 1 < mostAttempts(policy) && matches(failure, policy);
  return isWanted ? backoffMs(alike, policy) : undefined;
}

/** What the memory of the next attempt is multiplied by: once for each time that the task ran out of it. Pure. */
export function memoryFactorOf(attempts: readonly Attempt[], { memory_factor = 1 }: RetryPolicy = {}): number {
  return memory_factor ** attempts.filter(({ failure }) => isOutOfMemory(failure)).length;
}

/** True when the cluster ended the attempt for reasons of its own. Pure. */
export function isDisruptive({ reason }: Failure): boolean {
  return DISRUPTIONS.has(reason);
}

function mostAttempts(policy: RetryPolicy | undefined): number {
  return policy === undefined ? 1 : (policy.max_attempts ?? DEFAULT_MAX_ATTEMPTS);
}

function matches(failure: Failure, policy: RetryPolicy = {}): boolean {
  const { reasons, exit_codes, memory_factor } = policy;
  if (reasons === undefined && exit_codes === undefined && memory_factor === undefined) return failure.retryable;
  if (reasons?.includes(failure.reason)) return true;
  if (memory_factor !== undefined && isOutOfMemory(failure)) return true;
  const { container, exitCode } = failure;
  return container === 'task' && exitCode !== undefined && (exit_codes?.includes(exitCode) ?? false);
}

function isOutOfMemory({ reason, container }: Failure): boolean {
  return reason === 'OOMKilled' && container === 'task';
}

function backoffMs(failuresBefore: number, { backoff_seconds = DEFAULT_BACKOFF_SECONDS }: RetryPolicy = {}): number {
  return Math.min(backoff_seconds * 1000 * 2 ** failuresBefore, LONGEST_BACKOFF_MS);
}
