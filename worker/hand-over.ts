import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/**
 * Gives up each activity that is still under way when the grace of a shutdown is over, so that another worker tries it again at once,
 * and not when a heartbeat is missed or its time is up. What it has begun may come to its end: every activity can be repeated.
 */
export const handOver: ActivityInterceptorsFactory = (context) => ({
  inbound: { execute: (input, next) => Promise.race([next(input), untilShutdown(context)]) },
});

/** Rejects when the worker ends. A kill is no reason: steps wait for what they have asked for. */
async function untilShutdown(context: Context): Promise<never> {
  const reason: unknown = await context.cancelled.catch((cancelled: unknown) => cancelled);
  if (context.cancellationDetails?.workerShutdown === true) throw reason;
  return await new Promise(() => undefined);
}
