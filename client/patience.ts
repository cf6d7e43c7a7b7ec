/** What to do when the service cannot be reached for a while. */
import { isApiRefusal, isTransient } from './errors.ts';

/** How long to try, and who is told. */
export interface PatienceOptions {
  /** Ends it: what waits rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told before another try, unless it is the first one after a connection that broke, which happens and passes at once. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  /** Tries without a success in between. Default: as many as it takes. */
  readonly maxTries?: number;
}

/** Counts the tries of one thing. */
export interface Patience {
  /** Waits before the next try, longer each time. Throws `error` when it will not pass, or when it was one too many. */
  waitOut(error: unknown): Promise<void>;
  /** It works again: the next wait is the shortest one. */
  reset(): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Waits from half a second to ten seconds, each up to a half shorter by chance, so that many clients do not come at one time. */
export function createPatience({ signal, onTrouble, maxTries = Infinity }: PatienceOptions): Patience {
  let tries = 0;
  return {
    async waitOut(error) {
      tries += 1;
      if (!isTransient(error) || tries >= maxTries) throw error;
      if (tries > 1 || isApiRefusal(error)) onTrouble?.(error);
      const ownMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (1 - Math.random() / 2);
      await sleep(Math.max(ownMs, (isApiRefusal(error) && error.retryAfterMs) || 0), signal);
    },
    reset() {
      tries = 0;
    },
  };
}

/** Most tries of one request. */
const MAX_REQUEST_TRIES = 5;

/** Makes a request until it is answered; at most five times. It must do no harm when it comes twice. */
export async function patiently<T>(options: PatienceOptions, request: () => Promise<T>): Promise<T> {
  const patience = createPatience({ maxTries: MAX_REQUEST_TRIES, ...options });
  for (;;) {
    try {
      return await request();
    } catch (error) {
      await patience.waitOut(error);
    }
  }
}

/** Rejects with the reason of `signal` when that is aborted. */
function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal?.reason as Error);
  const timer = setTimeout(resolve, durationMs);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  });
}
