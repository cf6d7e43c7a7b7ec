import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreV1Event, V1Job, V1Pod } from '@kubernetes/client-node';
import { evidenceOf } from '../../../cluster/evidence.ts';
import { findPod, listStartEvents } from '../../../cluster/pods.ts';
import { aKubernetesJob, aPod, aRequest } from '../../support/objects.ts';

const anEvent = (change: Partial<CoreV1Event>): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  message: 'a message',
  ...change,
});

test('where the cluster has nothing there is no evidence', () => {
  assert.deepEqual(evidenceOf(undefined, []), {});
});

test('a warning is a complaint, the ordinary course of things is none', () => {
  assert.deepEqual(evidenceOf(undefined, [anEvent({ type: 'Normal' })]), {});
  assert.deepEqual(evidenceOf(undefined, [anEvent({ type: 'Warning' })]), { message: 'a message' });
});

test('a pull that has begun is told, although it is no complaint', () => {
  const pulling = anEvent({ type: 'Normal', reason: 'Pulling', message: 'Pulling image "a"' });
  assert.deepEqual(evidenceOf(undefined, [pulling]), { pulling: 'Pulling image "a"' });
});

test('a pod is shown as the cluster has it, without environments and what is kept for the cluster’s own use', () => {
  const env = [{ name: 'TOKEN', value: 'secret' }];
  const pod: V1Pod = {
    metadata: { name: 'pod', managedFields: [{}] },
    spec: {
      nodeName: 'node-1',
      initContainers: [{ name: 'input', image: 'transfer', env }],
      containers: [{ name: 'task', image: 'python', env }],
    },
    status: { phase: 'Pending' },
  };
  assert.deepEqual(evidenceOf(pod, []).pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod' },
    spec: {
      nodeName: 'node-1',
      initContainers: [{ name: 'input', image: 'transfer' }],
      containers: [{ name: 'task', image: 'python' }],
    },
    status: { phase: 'Pending' },
  });
});

test('a pod of which little is known is shown as far as it is known', () => {
  const spec = { containers: [{ name: 'task' }] };
  assert.deepEqual(evidenceOf({ spec }, []).pod, { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec });
  assert.deepEqual(evidenceOf({}, []).pod, { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: { containers: [] } });
});

test('the pod of a role is the newest that the cluster lists', async () => {
  const at = (name: string, time: string, role: 'task' | 'cleanup' = 'task') => {
    const pod = aPod({ name, role });
    return { ...pod, metadata: { ...pod.metadata, creationTimestamp: new Date(time) } };
  };
  const pods = [at('old', '2026-01-01'), at('new', '2026-01-02'), at('upload', '2026-01-03', 'cleanup')];
  const cluster = { listPods: () => Promise.resolve(pods) };
  assert.equal((await findPod(cluster, aRequest(), 'task'))?.metadata?.name, 'new');
  assert.equal(await findPod({ listPods: () => Promise.resolve([]) }, aRequest(), 'task'), undefined);
});

/** What is asked of a cluster whose Job is `job`. */
async function askedFor(pod: V1Pod | undefined, job: V1Job | undefined = aKubernetesJob('cleanup')) {
  const asked: string[] = [];
  const cluster = {
    findJob: (name: string) => Promise.resolve(name === `${aRequest().name}-cleanup` ? job : undefined),
    listEvents: (uid: string) => Promise.resolve(void asked.push(uid)).then(() => []),
  };
  assert.deepEqual(await listStartEvents(cluster, aRequest(), 'cleanup', pod), []);
  return asked;
}

test('the events of a start are those of the pod, or of the Job when it has none', async () => {
  assert.deepEqual(await askedFor(aPod({ role: 'cleanup' })), ['cleanup-pod-uid']);
  assert.deepEqual(await askedFor(undefined), ['cleanup-uid']);
  assert.deepEqual(await askedFor(undefined, {}), []);
  const nowhere = { findJob: () => Promise.resolve(undefined), listEvents: () => Promise.reject(new Error('asked')) };
  assert.deepEqual(await listStartEvents(nowhere, aRequest(), 'cleanup', undefined), []);
});
