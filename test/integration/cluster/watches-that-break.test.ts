import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Interruption, WatchLimits } from '../../../cluster/watch.ts';
import type { WatcherMonitor } from '../../../cluster/watcher.ts';
import { createClusterGateway } from '../../support/cluster-gateway.ts';
import { deployTask, testCluster } from '../../support/cluster.ts';
import { until, watch } from '../../support/watching.ts';

/** Keeps why watches were interrupted, and how often the watcher was synced and was not. */
function monitorOf(interruptions: Interruption[], synced: boolean[]): WatcherMonitor {
  return {
    onOpen: () => {},
    onBytes: () => {},
    onClose: () => {},
    onInterrupted: (_kind, reason) => interruptions.push(reason),
    onSynced: (isSynced) => synced.push(isSynced),
  };
}

/** A synced watcher behind a gateway. */
async function watchByGateway(context: TestContext, limits: Partial<WatchLimits> = {}) {
  const cluster = testCluster(context);
  const gateway = await createClusterGateway(context, cluster.kubeConfig);
  const interruptions: Interruption[] = [];
  const synced: boolean[] = [];
  const monitor = monitorOf(interruptions, synced);
  const watching = watch(context, cluster, gateway.kubeConfig, { monitor, limits });
  await until('the watcher is synced', () => watching.watcher.isSynced());
  return { cluster, gateway, interruptions, synced, ...watching };
}

test('a stream that stalls without an error is noticed, and what it did not tell is told afterwards', async (context) => {
  const limits = { silenceMs: 3_000 };
  const { cluster, gateway, interruptions, watcher, stages } = await watchByGateway(context, limits);
  gateway.decide('swallow');
  await deployTask(cluster, 'exit 0');
  const noticedMs = await until('the silence is noticed', () => !watcher.isSynced());
  assert.ok(noticedMs < 2 * limits.silenceMs, `noticed after ${noticedMs} ms`);
  assert.deepEqual(new Set(interruptions), new Set(['silent']));
  gateway.decide('pass');
  await until('the job has succeeded', () => stages.includes('succeeded'));
  await until('the watcher is synced again', () => watcher.isSynced());
});

for (const [form, fate] of [
  ['an HTTP status', 'gone'],
  ['an event of the API server', 'too-old'],
] as const) {
  test(`410 as ${form} is healed by a list, and nothing is missed`, async (context) => {
    const { cluster, gateway, interruptions, synced, watcher, stages } = await watchByGateway(context);
    gateway.decide(fate);
    await until('the watches are interrupted', () => interruptions.length > 0);
    await deployTask(cluster, 'sleep 1');
    gateway.decide('pass');
    await until('the job has succeeded', () => stages.includes('succeeded'));
    await until('the watcher is synced again', () => watcher.isSynced());
    assert.deepEqual(new Set(interruptions), new Set(['gone']));
    assert.ok(synced.includes(false));
  });
}

test('a listener that throws over one job ends no watch, and other jobs are told as ever', async (context) => {
  const cluster = testCluster(context);
  const other = testCluster(context);
  const faults: unknown[] = [];
  const { stages, watcher } = watch(context, cluster, cluster.kubeConfig, {
    onObservation: (name) => {
      if (name !== other.ref.name) return;
      faults.push(name);
      throw new Error('a listener is broken');
    },
  });
  await until('the watcher is synced', () => watcher.isSynced());
  await deployTask(other, 'exit 0');
  await until('the listener has thrown', () => faults.length > 0);
  await deployTask(cluster, 'exit 0');
  await until('the other job has succeeded', () => stages.includes('succeeded'));
  assert.equal(watcher.isSynced(), true);
});

test('a server that ends every stream at once is asked ever more seldom, and not to list', async (context) => {
  const { cluster, gateway, interruptions, stages } = await watchByGateway(context);
  const asked = gateway.asked.splice(0).filter(({ isWatch }) => isWatch);
  assert.equal(asked.length, 2);
  gateway.decide('close');
  await sleep(8_000);
  const watches = gateway.asked.filter(({ isWatch }) => isWatch).length;
  // Two kinds, and waits of at least 125, 250, 500, 1000, 2000 and 4000 ms.
  assert.ok(watches >= 4 && watches <= 14, `${watches} watches in 8 s`);
  assert.deepEqual([gateway.asked.length, interruptions], [watches, []]);
  gateway.decide('pass');
  await deployTask(cluster, 'exit 0');
  await until('the job has succeeded', () => stages.includes('succeeded'));
});
