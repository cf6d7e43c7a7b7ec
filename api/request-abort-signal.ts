import type { Context } from 'koa';

/** Aborted when the answer is sent, or the client goes away before; at once when it is gone already. */
export function requestAbortSignal(context: Context): AbortSignal {
  const controller = new AbortController();
  context.res.once('close', () => {
    controller.abort();
  });
  if (context.res.destroyed) controller.abort();
  return controller.signal;
}
