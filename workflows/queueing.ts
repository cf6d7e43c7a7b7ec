import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import { ignoreCancellation } from './settled.ts';

/** Who has heard nothing for so many looks asks again: the queue may have been lost. */
const LOOKS_UNTIL_ASKING_AGAIN = 10;

/** Waits until the job may go. Nothing has been made of it until then. */
export async function untilAdmitted(context: JobContext): Promise<void> {
  const { request, steps, tracker } = context;
  const { name, owner, synchronizationIntervalMs } = request;
  tracker.announce();
  const asking = new CancellationScope();
  // Not `created`, which is when the request began, maybe long before its input had come, by the clock of one API.
  const acceptedMs = workflowInfo().startTime.getTime();
  const job = { name, acceptedMs, ...(owner !== undefined && { owner }) };
  const asks = asking.run(() => steps.enqueue(job, synchronizationIntervalMs * LOOKS_UNTIL_ASKING_AGAIN));
  try {
    await Promise.race([context.alarm.until(() => context.isAdmitted), asks]);
  } finally {
    asking.cancel();
    await asks.catch(ignoreCancellation);
  }
  tracker.update({ phase: 'preparing' });
}
