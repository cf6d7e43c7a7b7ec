import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

const FIRST_WAIT_MS = 250;
const LAST_WAIT_MS = 5_000;

/** Tries `connect` until it succeeds or `signal` aborts: a server that starts later than we do is no fault. */
export async function connectPatiently<T>(
  server: string,
  connect: () => Promise<T>,
  logger: Logger,
  signal: AbortSignal,
): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
    try {
      return await connect();
    } catch (error) {
      logger.warn({ server, reason: String(error) }, 'not reachable yet');
      await sleep(waitMs, undefined, { signal });
    }
  }
}
