import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { V1Container, V1Job, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { required } from './environment.ts';
import { stackKubeConfig } from './kube-config.ts';
import { aName } from './job-client.ts';

/** Jobs on the cluster of the stack with nothing of the service between. */
export interface BareJobs {
  /** Makes a claim and returns its name. */
  claim(): Promise<string>;
  /** Runs one pod to its end, whichever that is. */
  run(spec: Omit<V1PodSpec, 'containers'> & { readonly containers: readonly V1Container[] }): Promise<V1Pod>;
  log(pod: V1Pod, container: string): Promise<string>;
}

const LIMIT_MS = 60_000;

/** What is made is deleted when the test ends. */
export function bareJobs(context: TestContext): BareJobs {
  const namespace = required('KUBERNETES_NAMESPACE');
  const config = stackKubeConfig();
  const core = config.makeApiClient(CoreV1Api);
  const batch = config.makeApiClient(BatchV1Api);

  async function claim(): Promise<string> {
    const name = aName('stack-claim');
    const resources = { requests: { storage: '1Gi' } };
    const body = { metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], resources } };
    await core.createNamespacedPersistentVolumeClaim({ namespace, body });
    context.after(() => core.deleteNamespacedPersistentVolumeClaim({ namespace, name }));
    return name;
  }

  async function run(spec: Parameters<BareJobs['run']>[0]): Promise<V1Pod> {
    const name = aName('stack-job');
    await batch.createNamespacedJob({ namespace, body: jobOf(name, spec) });
    context.after(() => batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' }));
    const deadline = Date.now() + LIMIT_MS;
    while (Date.now() < deadline) {
      const [pod] = (await core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` })).items;
      if (pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed') return pod;
      await sleep(100);
    }
    throw new Error(`Job ${name} did not end in ${LIMIT_MS / 1000} s`);
  }

  const log = (pod: V1Pod, container: string) =>
    core.readNamespacedPodLog({ namespace, name: pod.metadata?.name ?? '', container });
  return { claim, run, log };
}

function jobOf(name: string, { containers, ...spec }: Parameters<BareJobs['run']>[0]): V1Job {
  const template = { spec: { restartPolicy: 'Never', ...spec, containers: [...containers] } };
  return { metadata: { name }, spec: { backoffLimit: 0, template } };
}

/** A container that runs `script` in a shell; `mounts` are volume → folder. */
export function shellContainer(
  name: string,
  script: string,
  mounts: Readonly<Record<string, string>> = {},
): V1Container {
  const volumeMounts = Object.entries(mounts).map(([volume, mountPath]) => ({ name: volume, mountPath }));
  return { name, image: required('IMAGE_BUSYBOX'), command: ['sh', '-c', script], volumeMounts };
}

/** A volume that is the claim called `claimName`. */
export function claimVolume(
  name: string,
  claimName: string,
): { name: string; persistentVolumeClaim: { claimName: string } } {
  return { name, persistentVolumeClaim: { claimName } };
}
