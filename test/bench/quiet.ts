import { setTimeout as sleep } from 'node:timers/promises';
import { busyShare, cpuTime } from './cpu-time.ts';

/** How much of the machine may be at work, of all its cores. */
const BUSY_SHARE = 0.15;
/** For so long in a row. */
const QUIET_MS = 2_000;
const LOOK_MS = 250;
/** A machine with other work than this is never quiet. */
const PATIENCE_MS = 20_000;

/** Waits until the machine has put away what came before, so that nobody pays for another's remains; not for ever. */
export async function untilQuiet(): Promise<void> {
  const startedMs = performance.now();
  let sinceMs = startedMs;
  for (let before = cpuTime(); performance.now() - startedMs < PATIENCE_MS;) {
    await sleep(LOOK_MS);
    const now = cpuTime();
    if (busyShare(before, now) > BUSY_SHARE) sinceMs = performance.now();
    if (performance.now() - sinceMs >= QUIET_MS) return;
    before = now;
  }
}
