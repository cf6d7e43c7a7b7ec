import type { Context } from 'koa';

/** Aborted when the answer is sent, or the client goes away before; at once when it is gone already. */
export function departureOf(context: Context): AbortSignal {
  const departure = new AbortController();
  context.res.once('close', () => {
    departure.abort();
  });
  if (context.res.destroyed) departure.abort();
  return departure.signal;
}
