import { Readable } from 'node:stream';
import type { Context } from 'koa';
import { endWithCredential } from '../auth/outliving.ts';
import type { ApiDeps } from '../deps.ts';
import { retryLine } from '../event-stream.ts';

/** Longest silence of a stream. */
export const HEARTBEAT_MS = 15_000;
/** When a client that lost its connection comes back. */
const RETRY_MS = 2_000;

/** Answers with a stream of events, which ends with the credential of who asked. */
export function streamEvents(deps: ApiDeps, context: Context, events: AsyncIterable<string>): void {
  context.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  keepOpen(context, deps.heartbeatMs ?? HEARTBEAT_MS);
  endWithCredential(deps, context);
  // A stream asks for the next piece only when the last one is on its way: a slow reader skips states.
  context.body = Readable.from(withRetry(events));
}

/** Heartbeats go through an idle line, whatever the server's own limit is. A client that reads none of them is gone. */
function keepOpen(context: Context, heartbeatMs: number): void {
  context.req.socket.setTimeout(8 * heartbeatMs);
}

async function* withRetry(events: AsyncIterable<string>): AsyncGenerator<string> {
  yield retryLine(RETRY_MS);
  yield* events;
}
