import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { lookAt, sendJob } from './client.ts';
import { isRunning } from './fake-pods.ts';
import type { Following } from './following.ts';
import { inTurns } from './turns.ts';

/** So many may be on their way at one time: more would only wait, and run out of the time to start in. */
const ON_THEIR_WAY = 100;
const CONCURRENCY = 10;
const LOOK_MS = 500;
const TELL_MS = 20_000;
/** Nothing comes to run for so long: it never will. */
const STALLED_MS = 300_000;

/** Jobs that run until they are told to end. */
export interface HeldJobs {
  /** Sends jobs until `count` of all run at once. Resolves when their clients see them run, too. */
  fill(count: number): Promise<void>;
  /** Ids of some that run, which are the caller's from now on. */
  take(count: number): string[];
  count(): number;
}

/** @returns a crowd of nobody yet */
export function createHeldJobs(tasks: Following<V1Pod>): HeldJobs {
  const ids: string[] = [];

  const untilRunning = async (pods: () => number, count: number, target: number) => {
    let [most, sinceMs, toldMs] = [pods(), Date.now(), Date.now()];
    for (let running = most; running < count; running = pods()) {
      if (running > most) [most, sinceMs] = [running, Date.now()];
      if (Date.now() - sinceMs > STALLED_MS) throw new Error(`only ${running} of ${target} jobs have come to run`);
      if (Date.now() - toldMs > TELL_MS) {
        console.error(`  ${running} of ${target} jobs run`);
        toldMs = Date.now();
      }
      await sleep(LOOK_MS);
    }
  };

  return {
    async fill(count) {
      const running = () => tasks.all().filter(isHeld).length;
      while (ids.length < count) {
        const more = Math.min(ON_THEIR_WAY, count - ids.length);
        ids.push(...(await inTurns(Array.from({ length: more }), CONCURRENCY, () => sendJob('held'))));
        await untilRunning(running, ids.length - ON_THEIR_WAY, count);
      }
      await untilRunning(running, ids.length, count);
      await untilSeen(ids.slice(-ON_THEIR_WAY));
    },
    take: (count) => ids.splice(0, count),
    count: () => ids.length,
  };
}

function isHeld(pod: V1Pod): boolean {
  return isRunning(pod) && pod.metadata?.labels?.['pace'] === 'held';
}

async function untilSeen(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const endMs = Date.now() + STALLED_MS;
    while ((await lookAt(id)).job.status !== 'running') {
      if (Date.now() > endMs) throw new Error(`job ${id} runs, and nobody hears of it`);
      await sleep(LOOK_MS);
    }
  }
}
