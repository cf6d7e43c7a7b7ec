import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { lookAt, sendJob } from './client.ts';
import { isRunning } from './fake-pods.ts';
import type { Following } from './following.ts';
import { inTurns } from '../turns.ts';

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
}

/** @returns a crowd of nobody yet, whose pods are among `tasks` */
export function createHeldJobs(tasks: Following<V1Pod>): HeldJobs {
  const ids: string[] = [];
  const running = () => tasks.all().filter(isHeld).length;

  const untilRunning = async (count: number) => {
    let [most, sinceMs] = [0, Date.now()];
    for (let now = running(); now < count; now = running()) {
      if (now > most) [most, sinceMs] = [now, Date.now()];
      if (Date.now() - sinceMs > STALLED_MS) throw new Error(`only ${now} of ${ids.length} jobs have come to run`);
      await sleep(LOOK_MS);
    }
  };
  const grow = async (count: number) => {
    while (ids.length < count) {
      const more = Array.from({ length: Math.min(ON_THEIR_WAY, count - ids.length) });
      ids.push(...(await inTurns(more, CONCURRENCY, () => sendJob('held'))));
      await untilRunning(ids.length - ON_THEIR_WAY);
    }
    await untilRunning(ids.length);
    await untilSeen(ids.slice(-ON_THEIR_WAY));
  };

  return {
    async fill(count) {
      const teller = setInterval(() => console.error(`  ${running()} of ${count} jobs run`), TELL_MS);
      await grow(count).finally(() => clearInterval(teller));
    },
    take: (count) => ids.splice(0, count),
  };
}

function isHeld(pod: V1Pod): boolean {
  return isRunning(pod) && pod.metadata?.labels?.['labels.kubernetes-task-runner/pace'] === 'held';
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
