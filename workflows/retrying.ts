import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { Failure } from './contract.ts';
import { failureIn, TaskFailedError } from './failure.ts';
import { keepEarlierLogs } from './logs.ts';
import { waitBeforeRetry } from './retry.ts';
import { attemptOf } from './state.ts';
import { refOf } from './observation.ts';
import { failForGood } from './task-failure.ts';

/**
 * An attempt has ended with `error`. Resolves when the next one may begin.
 * @throws `error` when none follows; what is to be told and kept of the attempt, is
 */
export async function retryOrThrow(context: JobContext, error: unknown): Promise<void> {
  const { attempts = [], parameters, phase, killRequested, output } = context.tracker.job();
  // An output that has its name is not replaced.
  const failure = killRequested || output ? undefined : failureIn(error, phase);
  const waitMs = failure && waitBeforeRetry(failure, attempts, parameters.retry);
  if (failure !== undefined && waitMs !== undefined) {
    await leaveAttempt(context, failure);
    return await context.alarm.until(() => false, Date.now() + waitMs);
  }
  if (error instanceof TaskFailedError) await failForGood(context, error.failure);
  throw error;
}

/** Its logs are kept under names of their own, and what it has on the cluster goes. */
async function leaveAttempt(context: JobContext, failure: Failure): Promise<void> {
  const { request, steps, tracker } = context;
  const { exitCode } = tracker.job();
  const attempt = { ...refOf(request), attempt: attemptOf(tracker.job()) };
  const { startTime } = tracker.seen('task');
  // A kill waits for it, so that no log is kept that nobody is told of.
  const logObjects = await CancellationScope.nonCancellable(() => keepEarlierLogs(context));
  tracker.retry({
    failure,
    ...(exitCode !== undefined && { exitCode }),
    ...(startTime !== undefined && { startTime }),
    stopTime: Date.now(),
    ...(Object.keys(logObjects).length > 0 && { logObjects }),
  });
  log.info('another attempt follows', { failure });
  try {
    // Only what is of this attempt: a late try must not meet the next one.
    await steps.release(attempt);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('what a failed attempt has is still there', { error });
  }
}
