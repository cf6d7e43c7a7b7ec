import type { Context } from 'koa';

/** By which an abort of ours, and a pipe whose reader has closed, are known. */
const ABORTS: readonly unknown[] = ['ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE'];

/** True when a request has failed only because its client left: nothing is wrong with the server. */
export function isClientAbort({ req, res }: Context, error: unknown): boolean {
  // A source that breaks off destroys the answer first, and closes it later: with a client that leaves it is the other way round.
  const isReset = (cause: Error) => !res.destroyed && cause === req.socket.errored;
  const isAbort = (cause: Error) => res.closed && ABORTS.includes(codeOf(cause));
  return causesOf(error).some((cause) => isReset(cause) || isAbort(cause));
}

/** An error and its causes, from the outside in. */
function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
