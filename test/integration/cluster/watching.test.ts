import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { createLook } from '../../../cluster/look.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import type { OpenStream } from '../../../cluster/stream.ts';
import { deployTask, openClusterGate, portOf, testCluster, through } from '../../support/cluster.ts';
import { ANSWERERS, isWatch, WATCH_BLOWS } from '../../support/http-faults.ts';
import { kubectl } from '../../support/operator.ts';
import { createProxy } from '../../support/proxy.ts';
import { soon } from '../../support/queueing.ts';
import { until, watch } from '../../support/watching.ts';

/** Streams whose watch of the pods lags behind that of the Jobs. */
function withLatePods(openStream: OpenStream, lagMs: number): OpenStream {
  return async (path, query, signal) => {
    const stream = await openStream(path, query, signal);
    if (!path.endsWith('/pods') || query['watch'] === undefined) return stream;
    const late = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) yield await sleep(lagMs, chunk);
    };
    return stream.compose(late) as Readable;
  };
}

/** Streams whose watches live, and tell nothing. */
function withoutEvents(openStream: OpenStream): OpenStream {
  return async (path, query, signal) => {
    const stream = await openStream(path, query, signal);
    if (query['watch'] === undefined) return stream;
    const nothing = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const _ of chunks) yield Buffer.alloc(0);
    };
    return stream.compose(nothing) as Readable;
  };
}

test('a job is seen running and then succeeded, each once', async (context) => {
  const cluster = testCluster(context);
  const { stages } = watch(context, cluster, cluster.kubeConfig);
  await deployTask(cluster, 'sleep 2');
  await until('the job has succeeded', () => stages.includes('succeeded'));
  assert.deepEqual(stages, ['running', 'succeeded']);
});

test('a trouble is told, and that the task runs after all', async (context) => {
  const cluster = testCluster(context);
  const { name } = cluster.ref;
  const { observations, troubles, stages } = watch(context, cluster, cluster.kubeConfig);
  await deployTask(cluster, 'sleep 600', {}, ({ spec }) => {
    const [task] = spec?.template.spec?.containers ?? [];
    task?.env?.push({ name: 'LATE', valueFrom: { configMapKeyRef: { name, key: 'late' } } });
  });
  await until('its configuration is missing', () => troubles.at(-1) === 'ConfigError');
  context.after(() => kubectl('delete', 'configmap', name));
  await kubectl('create', 'configmap', name, '--from-literal=late=1');
  await until('the task runs', () => stages.includes('running'));
  assert.equal(observations.at(-1)?.trouble, undefined);
});

test('of a pod that no node fits nothing is told until one does', async (context) => {
  const cluster = testCluster(context);
  const { observations, stages } = watch(context, cluster, cluster.kubeConfig);
  const label = `example.com/${cluster.ref.name}`;
  context.after(() => kubectl('label', 'nodes', '--all', `${label}-`));
  await deployTask(cluster, 'sleep 600', { node_selector: { [label]: 'here' } });
  const look = createLook(cluster.cluster);
  await soon(async () => (await look(cluster.ref, 'task')).trouble?.failure.reason === 'Unschedulable', 60_000);
  assert.deepEqual(observations, []);
  await kubectl('label', 'nodes', '--all', `${label}=here`);
  await until('the task runs', () => stages.at(-1) === 'running');
});

test('a task whose Job is seen to have ended before its pod is told with its exit code', async (context) => {
  const cluster = testCluster(context);
  const late = withLatePods(createOpenStream(cluster.kubeConfig), 1_000);
  const { observations, stages } = watch(context, cluster, cluster.kubeConfig, { openStream: late });
  await deployTask(cluster, 'exit 3');
  await until('the job has failed', () => stages.includes('failed'));
  const { exitCode, failure } = observations.at(-1) ?? {};
  assert.deepEqual([exitCode, failure?.reason], [3, 'UserError']);
});

test('an event that is lost is made up for by the list that comes from time to time, which is no interruption', async (context) => {
  const cluster = testCluster(context);
  const interruptions: unknown[] = [];
  const monitor = {
    ...{ onOpen: () => {}, onBytes: () => {}, onClose: () => {}, onSynced: () => {} },
    onInterrupted: (...interruption: unknown[]) => interruptions.push(interruption),
  };
  const openStream = withoutEvents(createOpenStream(cluster.kubeConfig));
  const choices = { openStream, monitor, limits: { listedForMs: 3_000 } };
  const { watcher, stages } = watch(context, cluster, cluster.kubeConfig, choices);
  await until('the watcher is synced', () => watcher.isSynced());
  await deployTask(cluster, 'exit 0');
  await until('the job has succeeded', () => stages.includes('succeeded'));
  assert.deepEqual([interruptions, watcher.isSynced()], [[], true]);
});

test('a Job that somebody deletes while it runs is told to be missing, and one that has ended is not', async (context) => {
  const cluster = testCluster(context);
  const { stages } = watch(context, cluster, cluster.kubeConfig);
  await deployTask(cluster, 'trap "exit 0" TERM; sleep 600 & wait');
  await until('the job runs', () => stages.includes('running'));
  for (const object of await cluster.cluster.listObjects(cluster.ref)) await cluster.cluster.deleteObject(object);
  await until('the job is missing', () => stages.includes('missing'));
  assert.deepEqual(stages, ['running', 'missing']);
});

test('a watcher that starts late sees what has ended before', async (context) => {
  const cluster = testCluster(context);
  const first = watch(context, cluster, cluster.kubeConfig);
  await deployTask(cluster, 'exit 3');
  await until('the job has failed', () => first.stages.includes('failed'));
  const second = watch(context, cluster, cluster.kubeConfig);
  await until('the late watcher sees it', () => second.stages.includes('failed'));
});

test('a connection that is cut is opened again, and nothing is missed', async (context) => {
  const cluster = testCluster(context);
  const proxy = await createProxy(context, portOf(cluster.kubeConfig));
  const { watcher, stages } = watch(context, cluster, through(cluster.kubeConfig, proxy.port));
  await until('the watcher is synced', () => watcher.isSynced());
  await deployTask(cluster, 'sleep 3');
  await until('the job runs', () => stages.includes('running'));
  proxy.close();
  await sleep(4_000);
  proxy.open();
  await until('the job has succeeded', () => stages.includes('succeeded'));
});

for (const blow of WATCH_BLOWS) {
  test(`everything is listed again while the API server is ${blow}`, async (context) => {
    const cluster = testCluster(context);
    const gate = await openClusterGate(cluster.kubeConfig);
    context.after(() => gate.close());
    const kubeConfig = new KubeConfig();
    const server = { name: 'gate', server: `http://127.0.0.1:${gate.port}`, skipTLSVerify: true };
    kubeConfig.loadFromClusterAndUser(server, { name: 'nobody' });
    const { watcher, stages } = watch(context, cluster, kubeConfig);
    await until('the watcher is synced', () => watcher.isSynced());
    gate.answerBy(ANSWERERS[blow]);
    gate.endAnswers(isWatch);
    await deployTask(cluster, 'exit 0');
    await until('the job has succeeded', () => stages.includes('succeeded'));
  });
}
