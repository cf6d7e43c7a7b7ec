import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { CoordinationV1Api, V1MicroTime } from '@kubernetes/client-node';
import { pino } from 'pino';
import { createLeaderElection } from '../../../cluster/lease.ts';
import { testCluster } from '../../support/cluster.ts';
import type { TestCluster } from '../../support/cluster.ts';

const logger = pino({ level: 'silent' });

/** The lease of the test; it is deleted when the test ends. */
function leaseApi(context: TestContext, { kubeConfig, namespace, ref }: TestCluster): CoordinationV1Api {
  const api = kubeConfig.makeApiClient(CoordinationV1Api);
  context.after(() => api.deleteNamespacedLease({ namespace, name: ref.name }));
  return api;
}

/** Takes part in the election for the lease of the test; `leaders` gets its identity while it leads. */
function candidate({ kubeConfig, namespace, ref }: TestCluster, identity: string, leaders: Set<string>) {
  const stop = new AbortController();
  const work = async (signal: AbortSignal) => {
    leaders.add(identity);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    leaders.delete(identity);
  };
  const ended = createLeaderElection({ kubeConfig, namespace, name: ref.name, identity, logger }).run(
    work,
    stop.signal,
  );
  return {
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

const LEAD = join(import.meta.dirname, '..', '..', 'support', 'lead.ts');

/** Another process that leads; it is killed without a word when `kill` is called. */
async function leadingProcess(context: TestContext, { ref }: TestCluster) {
  const child = spawn(process.execPath, ['--no-warnings', LEAD, ref.name], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return { kill: () => child.kill('SIGKILL') };
}

async function until(isSo: () => boolean): Promise<number> {
  const startedMs = Date.now();
  while (!isSo()) await sleep(50);
  return Date.now() - startedMs;
}

test('one of two leads, and the other takes over when it steps down', { timeout: 60_000 }, async (context) => {
  const cluster = testCluster(context);
  leaseApi(context, cluster);
  const leaders = new Set<string>();
  const first = candidate(cluster, 'first', leaders);
  await until(() => leaders.has('first'));
  const second = candidate(cluster, 'second', leaders);
  await sleep(4_000);
  assert.deepEqual([...leaders], ['first']);
  await first.stop();
  await until(() => leaders.has('second'));
  assert.deepEqual([...leaders], ['second']);
  await second.stop();
});

test('leaders that step down in the middle of a renewal do not come back', async (context) => {
  const clusters = Array.from({ length: 8 }, () => testCluster(context));
  const holders = clusters.map(async (cluster) => {
    const api = leaseApi(context, cluster);
    const leaders = new Set<string>();
    const only = candidate(cluster, 'only', leaders);
    await until(() => leaders.has('only'));
    await only.stop();
    // Longer than a renewal that was under way could take.
    await sleep(500);
    const lease = await api.readNamespacedLease({ namespace: cluster.namespace, name: cluster.ref.name });
    return lease.spec?.holderIdentity;
  });
  assert.deepEqual(await Promise.all(holders), Array(8).fill(undefined));
});

test(
  'a leader that dies without a word is followed by another once its lease has run out',
  { timeout: 60_000 },
  async (context) => {
    const cluster = testCluster(context);
    const api = leaseApi(context, cluster);
    const time = new V1MicroTime();
    const spec = { holderIdentity: 'dead', leaseDurationSeconds: 6, acquireTime: time, renewTime: time };
    await api.createNamespacedLease({
      namespace: cluster.namespace,
      body: { metadata: { name: cluster.ref.name }, spec },
    });
    const leaders = new Set<string>();
    const heir = candidate(cluster, 'heir', leaders);
    const waitedMs = await until(() => leaders.has('heir'));
    assert.ok(waitedMs > 5_000, `took over after ${waitedMs} ms, while the lease was still held`);
    await heir.stop();
  },
);

test(
  'a leader whose process is killed is followed by another within the time of its lease',
  { timeout: 60_000 },
  async (context) => {
    const cluster = testCluster(context);
    leaseApi(context, cluster);
    const { kill } = await leadingProcess(context, cluster);
    const leaders = new Set<string>();
    const heir = candidate(cluster, 'heir', leaders);
    await sleep(4_000);
    assert.equal(leaders.size, 0);
    kill();
    const waitedMs = await until(() => leaders.has('heir'));
    // The lease lasts ten seconds, and who waits for it looks every three.
    assert.ok(waitedMs < 14_000, `took over after ${waitedMs} ms`);
    await heir.stop();
  },
);

test(
  'a leader whose clock was ahead, and who died without a word, is followed as soon as any other',
  { timeout: 60_000 },
  async (context) => {
    const cluster = testCluster(context);
    const api = leaseApi(context, cluster);
    const time = new V1MicroTime(Date.now() + 7_200_000);
    const spec = { holderIdentity: 'dead', leaseDurationSeconds: 6, acquireTime: time, renewTime: time };
    const body = { metadata: { name: cluster.ref.name }, spec };
    await api.createNamespacedLease({ namespace: cluster.namespace, body });
    const leaders = new Set<string>();
    const heir = candidate(cluster, 'heir', leaders);
    context.after(() => heir.stop());
    const waitedMs = await until(() => leaders.has('heir'));
    assert.ok(waitedMs > 5_000, `took over after ${waitedMs} ms, while the lease was still held`);
  },
);
