import { setTimeout as sleep } from 'node:timers/promises';

/** An answer that no repetition makes better: the service did what it must not do. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';
}

const ATTEMPT_MS = 20_000;
const BETWEEN_MS = 500;

/**
 * Tries `deed` until it succeeds, as a client does that wants its answer: whatever breaks on the way is no reason to give up.
 * @throws ViolationError of the deed's own, and the last error when `limitMs` have passed
 */
export async function persist<T>(what: string, limitMs: number, deed: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (const endMs = Date.now() + limitMs; ; await sleep(BETWEEN_MS)) {
    try {
      return await deed(AbortSignal.timeout(ATTEMPT_MS));
    } catch (error) {
      if (error instanceof ViolationError) throw error;
      if (Date.now() > endMs) throw new Error(`${what}: not within ${limitMs} ms`, { cause: error });
    }
  }
}
