import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import { percentile, spreadOf } from '../figure.ts';
import type { Measure } from '../measure.ts';
import { lookAt, waitFor } from './client.ts';
import type { Seen } from './client.ts';
import { endContainer } from './fake-pods.ts';
import type { Following } from './following.ts';
import type { HeldJobs } from './held-jobs.ts';

/** Slow enough for the cluster to take leave of one job after another: with twice as many a second, two slow cores were full. */
const APART_MS = 1_000;
/**
 * A client waits for so long already, so that a handful wait at any time. Hundreds would measure the embedded MongoDB-compatible server,
 * which reads every row to find so many.
 */
const AT_REST_MS = 2_000;

/** From the end of a container, as its kubelet writes it, until its client, who waits, is told; `running` other jobs run meanwhile. */
export function noticing(
  kubeConfig: KubeConfig,
  tasks: Following<V1Pod>,
  held: HeldJobs,
  running: number,
  clients: number,
): Measure {
  return {
    name: 'end of a container to a waiting client, the slowest of a hundred',
    unit: 'ms',
    ours: async () => {
      await held.fill(running + clients);
      const notices = await noticesOf(kubeConfig, tasks, held.take(clients));
      const { min, median, max } = spreadOf(notices);
      console.error(`  from ${Math.round(min)} to ${Math.round(max)} ms, half of them within ${Math.round(median)} ms`);
      return percentile(99, notices);
    },
  };
}

async function noticesOf(kubeConfig: KubeConfig, tasks: Following<V1Pod>, ids: readonly string[]): Promise<number[]> {
  const end = async (id: string) => {
    const [pod] = tasks.of(id);
    if (pod === undefined) throw new Error(`job ${id} has no pod`);
    const endedMs = performance.now();
    await endContainer(kubeConfig, pod);
    return endedMs;
  };
  const hear = async (seen: Seen) => {
    // Of states that follow fast the mirror keeps the last one: a client may never see `cleaning`.
    await waitFor(seen, ({ status }) => status === 'cleaning' || status === 'succeeded');
    return performance.now();
  };
  const noticeOf = async (id: string, at: number) => {
    await sleep(at * APART_MS);
    const seen = await lookAt(id);
    const [heardMs, endedMs] = await Promise.all([hear(seen), sleep(AT_REST_MS).then(() => end(id))]);
    return heardMs - endedMs;
  };
  return await Promise.all(ids.map(noticeOf));
}
