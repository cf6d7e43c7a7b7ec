import { setTimeout as sleep } from 'node:timers/promises';

/** Epoch milliseconds of a Kubernetes time, which the typed client gives as Date and a watch as text. */
export function epochMs(time: Date | string | undefined): number | undefined {
  return time === undefined ? undefined : new Date(time).getTime();
}

/** Waits `delayMs`, or less when `signal` aborts; never throws. */
export async function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, signal && { signal }).catch(() => {});
}
