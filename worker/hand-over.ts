import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** A try within a workflow task may finish within this time after SIGTERM. The task itself has to end after it, with what follows. */
const LOCAL_GRACE_MS = 5_000;

/**
 * Gives up each activity that is still under way when the grace of a shutdown is over, so that another worker tries it again at once,
 * and not when a heartbeat is missed or its time is up. What it has begun may come to its end: every activity can be repeated.
 * @param stop aborts when the worker is to end
 */
export function createHandOver(stop: AbortSignal): ActivityInterceptorsFactory {
  return (context) => ({
    inbound: {
      execute: (input, next) =>
        context.info.isLocal ? orStopped(stop, next(input)) : Promise.race([next(input), untilShutdown(context)]),
    },
  });
}

/** Rejects when the worker ends. A kill is no reason: steps wait for what they have asked for. */
async function untilShutdown(context: Context): Promise<never> {
  const reason: unknown = await context.cancelled.catch((cancelled: unknown) => cancelled);
  if (context.cancellationDetails?.workerShutdown === true) throw reason;
  return await new Promise(() => undefined);
}

/** The SDK tells a local activity nothing of a shutdown, and would wait for it. */
async function orStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => (timer = setTimeout(() => reject(new Error('the worker is stopped')), LOCAL_GRACE_MS));
  stop.addEventListener('abort', onStop);
  if (stop.aborted) onStop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    stop.removeEventListener('abort', onStop);
    clearTimeout(timer);
  }
}
