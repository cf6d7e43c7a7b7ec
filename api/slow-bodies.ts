import type { IncomingMessage } from 'node:http';

/** How slowly a body may come. */
export interface SlowBodyLimits {
  /** Time over which it is measured. */
  readonly windowMs: number;
  readonly minBytesPerSecond: number;
}

/** An upload may take hours, but not longer than it takes over a very bad line. */
export const SLOW_BODY_LIMITS: SlowBodyLimits = { windowMs: 30_000, minBytesPerSecond: 1024 };

/** Calls `onSlow` once when the body of a request comes more slowly than `limits` say, and it is not us who read it slowly. */
export function watchBody(request: IncomingMessage, limits: SlowBodyLimits, onSlow: () => void): void {
  const { socket } = request;
  const minBytes = (limits.minBytesPerSecond * limits.windowMs) / 1000;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete || request.destroyed) return void clearInterval(timer);
    const arrived = socket.bytesRead - before;
    before = socket.bytesRead;
    // What has arrived and waits here was sent in time.
    if (arrived >= minBytes || request.readableLength > 0) return;
    clearInterval(timer);
    onSlow();
  }, limits.windowMs);
  // The socket keeps the process alive, if anything does: 'close' may come up to two windows after the answer.
  timer.unref();
  request.once('close', () => {
    clearInterval(timer);
  });
}
