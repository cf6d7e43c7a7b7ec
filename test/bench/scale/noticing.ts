import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import type { Measure } from '../measure.ts';
import { lookAt, waitFor } from './client.ts';
import { endContainer } from './fake-pods.ts';
import type { Following } from './following.ts';
import type { HeldJobs } from './held-jobs.ts';

/** Slow enough for the cluster to take leave of one job after another. */
const APART_MS = 500;
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
      return percentile99(await noticesOf(kubeConfig, tasks, held.take(clients)));
    },
  };
}

async function noticesOf(kubeConfig: KubeConfig, tasks: Following<V1Pod>, ids: readonly string[]): Promise<number[]> {
  const endAfter = async (id: string, delayMs: number) => {
    await sleep(delayMs);
    const [pod] = tasks.of(id);
    if (pod === undefined) throw new Error(`job ${id} has no pod`);
    const endedMs = performance.now();
    await endContainer(kubeConfig, pod);
    return endedMs;
  };
  const hear = async (id: string) => {
    // Of states that follow fast the mirror keeps the last one: a client may never see `cleaning`.
    await waitFor(await lookAt(id), ({ status }) => status === 'cleaning' || status === 'succeeded');
    return performance.now();
  };
  const noticeOf = async (id: string, at: number) => {
    await sleep(at * APART_MS);
    const [heardMs, endedMs] = await Promise.all([hear(id), endAfter(id, AT_REST_MS)]);
    return heardMs - endedMs;
  };
  return await Promise.all(ids.map(noticeOf));
}

/** The value that all but a hundredth of `values` do not exceed. Pure. */
export function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN;
}
