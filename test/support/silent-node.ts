import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { CoreV1Api } from '@kubernetes/client-node';
import type { V1Container, V1ContainerState, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Storage, Toleration } from '../../workflows/parameters.ts';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';
import { aName } from './job-client.ts';
import { standardMode } from './standard-mode.ts';

const SILENT = 'example.com/silent';

/** A node of the real cluster without a kubelet: one machine has no second one to lose. What its kubelet would say, the test says. */
export interface SilentNode {
  /** A label that no other node has. */
  readonly selector: Readonly<Record<string, string>>;
  /** Lets a pod onto the node; no pod of another test goes there by chance. */
  readonly toleration: Toleration;
  /** Where a job of this variant can have its files there: volumes that any node can mount, or folders of its pod. */
  readonly storage: Storage;
  /** Says once, as a kubelet does, that the task of the pod runs, which has no input to wait for. */
  reportRunning(podName: string): Promise<void>;
}

/** Makes the node, which says once that it is ready, and then nothing more. Everything is removed when the test ends. */
export async function makeSilentNode(context: TestContext): Promise<SilentNode> {
  const namespace = required('KUBERNETES_NAMESPACE');
  const core = stackKubeConfig().makeApiClient(CoreV1Api);
  const name = aName('silent');
  const folder = await mkdtemp(join(tmpdir(), 'silent-node-'));
  context.after(async () => {
    await core.deleteNode({ name });
    await core.deletePersistentVolume({ name });
    await rm(folder, { recursive: true });
  });
  const selector = { [SILENT]: name };
  await makeNode(core, name, selector);
  await core.createPersistentVolume({ body: volumeAt(folder, name) });
  return {
    selector,
    toleration: { key: SILENT, operator: 'Exists', effect: 'NoSchedule' },
    storage: standardMode() === 'persistent' ? { size: '1Gi', class: name } : { size: '1Gi' },
    async reportRunning(podName) {
      const pod = await untilBound(core, namespace, podName);
      // Without the version: whatever else is written meanwhile, this is what the node says.
      const { resourceVersion: _, ...metadata } = pod.metadata ?? {};
      const body = { ...pod, metadata, status: runningStatus(pod) };
      await core.replaceNamespacedPodStatus({ namespace, name: podName, body });
    },
  };
}

async function makeNode(core: CoreV1Api, name: string, labels: Record<string, string>): Promise<void> {
  const metadata = { name, labels };
  await core.createNode({ body: { metadata, spec: { taints: [{ key: SILENT, effect: 'NoSchedule' }] } } });
  const now = new Date();
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: '',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const capacity = { cpu: '8', memory: '8Gi', pods: '10', 'ephemeral-storage': '10Gi' };
  const status = { capacity, allocatable: capacity, conditions: [ready] };
  await core.replaceNodeStatus({ name, body: { metadata, status } });
}

function volumeAt(path: string, name: string) {
  const capacity = { storage: '10Gi' };
  return {
    metadata: { name },
    spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], capacity, hostPath: { path } },
  };
}

async function untilBound(core: CoreV1Api, namespace: string, name: string): Promise<V1Pod> {
  for (;;) {
    const pod = await core.readNamespacedPod({ namespace, name });
    if (pod.spec?.nodeName !== undefined) return pod;
    await sleep(100);
  }
}

function runningStatus({ status, spec }: V1Pod): NonNullable<V1Pod['status']> {
  const startedAt = new Date();
  const { initContainers = [], containers = [] } = spec ?? {};
  const isBefore = initContainers.some(({ name }) => name === 'task');
  const running = { running: { startedAt } };
  const main = isBefore ? { waiting: { reason: 'PodInitializing' } } : running;
  return {
    ...status,
    phase: isBefore ? 'Pending' : 'Running',
    startTime: startedAt,
    initContainerStatuses: initContainers.map((container) => statusOf(container, running)),
    containerStatuses: containers.map((container) => statusOf(container, main)),
  };
}

function statusOf({ name, image = '' }: V1Container, state: V1ContainerState): V1ContainerStatus {
  return { name, image, imageID: '', ready: state.running !== undefined, restartCount: 0, state };
}
