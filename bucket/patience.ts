import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from './faults.ts';

/** How long to bear with a network or a bucket that is away. */
export interface PatienceOptions {
  /** When failures in a row have lasted for so long, another try is of no use; in milliseconds. */
  readonly limitMs: number;
  /** Aborted when nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
  /** Whether another try may succeed after this fault. Default: {@link isTransient}. */
  readonly mayPass?: (error: unknown) => boolean;
  /** Tries that are made however long they take. Default: 1. */
  readonly leastTries?: number;
}

/** Of who is waited for by a client: longer than a rollout of a proxy takes. */
export const DEFAULT_PATIENCE_MS = 20_000;
const LONGEST_DELAY_MS = 10_000;

/** Counts failures in a row; see {@link createPatience}. */
export interface Patience {
  /** Waits before the next try, or throws `error` when another try is of no use. */
  afterFailure(error: unknown): Promise<void>;
  /** Something got through: the count starts again. */
  reset(): void;
}

/** Waits twice as long after each failure in a row, with some chance in it, so that many pods do not come at once. */
export function createPatience(options: PatienceOptions): Patience {
  const { limitMs, signal, mayPass = isTransient, leastTries = 1 } = options;
  let failures = 0;
  let sinceMs = 0;
  return {
    afterFailure: async (error) => {
      if (failures === 0) sinceMs = performance.now();
      failures += 1;
      const isOver = failures >= leastTries && performance.now() - sinceMs >= limitMs;
      if (signal?.aborted === true || !mayPass(error) || isOver) throw error;
      const longestMs = Math.min(LONGEST_DELAY_MS, 250 * 2 ** failures);
      await delay(longestMs * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
    },
    reset: () => {
      failures = 0;
    },
  };
}

/** Repeats `operation` over transient faults. */
export async function withPatience<T>(operation: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const patience = createPatience(options);
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      await patience.afterFailure(error);
    }
  }
}
