import { CancellationScope, sleep } from '@temporalio/workflow';
import { orCancelled } from './turns.ts';
import type { Turns } from './turns.ts';

/** What wakes one job. */
export interface Alarm {
  /** Resolves as soon as it rings and `isTrue`, and at `atMs` (epoch milliseconds, by default never) at the latest. */
  until(isTrue: () => boolean, atMs?: number): Promise<void>;
  /** Lets all who wait look again. */
  ring(): void;
}

/**
 * One timer for all that a job waits for at a time: the earliest. A timer is not taken back when something else came first, as that
 * would cost the history an event each time; it rings in vain then.
 */
export function createAlarm(turns: Turns): Alarm {
  let nextMs = Infinity;
  let bell = Promise.withResolvers<void>();

  const ring = () => {
    bell.resolve();
    bell = Promise.withResolvers();
  };

  const ringBy = (atMs: number) => {
    if (nextMs <= atMs) return;
    nextMs = atMs;
    // Whoever waits may be cancelled, and others go on waiting.
    void CancellationScope.nonCancellable(async () => {
      await turns.hear(sleep(Math.max(1, atMs - Date.now())));
      if (nextMs === atMs) nextMs = Infinity;
      ring();
    });
  };

  return {
    ring,
    async until(isTrue, atMs = Infinity) {
      while (!isTrue() && Date.now() < atMs) {
        ringBy(atMs);
        await orCancelled(bell.promise);
      }
    },
  };
}
