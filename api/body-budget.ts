/** How many bytes of request bodies a process holds in memory at one time, and parses, for all callers together. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { tooManyBodies } from './errors.ts';

/** What one request holds, until it is disposed of. */
export interface HeldBytes extends Disposable {
  /** @throws ApiError 503 when all requests together would hold too much */
  add(sizeBytes: number): void;
  /** From now on it holds this much, and not what was added. */
  keepOnly(sizeBytes: number): void;
  /** Resolves when the body may be parsed: one in each turn of the event loop, so that others are answered in between. */
  turn(): Promise<void>;
}

/** Begins to count for one request. */
export type HoldBody = () => HeldBytes;

/** @param maxBytes most that all requests may hold */
export function createBodyBudget(maxBytes: number): HoldBody {
  let allBytes = 0;
  let lastTurn = Promise.resolve();
  return () => {
    let ownBytes = 0;
    const keepOnly = (sizeBytes: number) => {
      allBytes += sizeBytes - ownBytes;
      ownBytes = sizeBytes;
    };
    return {
      add(sizeBytes) {
        if (allBytes + sizeBytes > maxBytes) throw tooManyBodies();
        keepOnly(ownBytes + sizeBytes);
      },
      keepOnly,
      turn: () => (lastTurn = lastTurn.then(() => nextTurn())),
      [Symbol.dispose]: () => keepOnly(0),
    };
  };
}
