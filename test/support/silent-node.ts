import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { CoreV1Api } from '@kubernetes/client-node';
import type { V1Pod } from '@kubernetes/client-node';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';
import { aName } from './job-client.ts';

/** A node of the real cluster without a kubelet: one machine has no second one to lose. What its kubelet would say, the test says. */
export interface SilentNode {
  /** A label that no other node has. */
  readonly selector: Readonly<Record<string, string>>;
  /** A class of volumes that any node can mount. */
  readonly storageClass: string;
  /** Says once, as a kubelet does, that the pod's container runs. */
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
  const selector = { 'example.com/silent': name };
  await makeNode(core, name, selector);
  await core.createPersistentVolume({ body: volumeAt(folder, name) });
  return {
    selector,
    storageClass: name,
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
  await core.createNode({ body: { metadata } });
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
  const containerStatuses = (spec?.containers ?? []).map(({ name, image = '' }) => ({
    name,
    image,
    imageID: '',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt } },
  }));
  return { ...status, phase: 'Running', startTime: startedAt, containerStatuses };
}
