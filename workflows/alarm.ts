import { CancellationScope, condition, sleep } from '@temporalio/workflow';

/** The clock of one job. */
export interface Alarm {
  /** Resolves as soon as `isTrue`, and at `atMs` (epoch milliseconds) at the latest. */
  until(isTrue: () => boolean, atMs: number): Promise<void>;
}

/**
 * One timer for all that a job waits for at a time: the earliest. A timer is not taken back when something else came first, as that
 * would cost the history an event each time; it rings in vain then.
 */
export function createAlarm(): Alarm {
  let nextMs = Infinity;
  let rings = 0;

  const ringBy = (atMs: number) => {
    if (nextMs <= atMs) return;
    nextMs = atMs;
    // Whoever waits may be cancelled, and others go on waiting.
    void CancellationScope.nonCancellable(async () => {
      await sleep(Math.max(1, atMs - Date.now()));
      if (nextMs === atMs) nextMs = Infinity;
      rings += 1;
    });
  };

  return {
    async until(isTrue, atMs) {
      while (!isTrue() && Date.now() < atMs) {
        ringBy(atMs);
        const before = rings;
        await condition(() => isTrue() || rings !== before);
      }
    },
  };
}
