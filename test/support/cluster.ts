import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import type { V1Job } from '@kubernetes/client-node';
import { createCluster } from '../../cluster/client.ts';
import type { Cluster } from '../../cluster/client.ts';
import { claimManifest, taskJobManifest } from '../../cluster/manifests.ts';
import { outputClaimOf } from '../../cluster/names.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import type { JobRef } from '../../workflows/observation.ts';
import { required } from './environment.ts';
import { createHttpGate } from './http-gate.ts';
import type { HttpGate, HttpGateOptions } from './http-gate.ts';
import { stackKubeConfig } from './kube-config.ts';
import { aName, shellJob } from './job-client.ts';
import { aRequest, podSettings } from './objects.ts';

/** The cluster of the stack, and a job's name on it that no other test uses. */
export interface TestCluster {
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly ref: JobRef;
}

/** Everything that the test makes under `ref` is asked to be deleted when it ends. */
export function testCluster(context: TestContext): TestCluster {
  const namespace = required('KUBERNETES_NAMESPACE');
  const kubeConfig = stackKubeConfig();
  const cluster = createCluster(kubeConfig, namespace);
  const ref = { id: randomUUID(), name: aName('cluster-test') };
  context.after(async () => {
    for (const object of await cluster.listObjects(ref)) await cluster.deleteObject(object);
  });
  return { kubeConfig, namespace, cluster, ref };
}

/** Makes the claim and the Job of a task that runs `script`, with `more` among its parameters, and as `alter` leaves it. */
export async function deployTask(
  { cluster, ref }: TestCluster,
  script: string,
  more: Partial<JobParameters> = {},
  alter: (job: V1Job) => void = () => undefined,
): Promise<void> {
  const request = aRequest({ ...ref, parameters: shellJob(script, more) });
  await cluster.createClaim(ref, claimManifest(ref, outputClaimOf(ref), { size: '1Gi' }));
  const job = taskJobManifest(request, podSettings());
  alter(job);
  await cluster.createJob(ref, job);
}

/** Name of the task's pod, once its container runs. */
export async function runningPodOf({ cluster, ref }: TestCluster): Promise<string> {
  for (const endMs = Date.now() + 60_000; Date.now() < endMs; await sleep(100)) {
    const [pod] = await cluster.listPods(ref);
    if (pod?.status?.containerStatuses?.[0]?.state?.running) return pod.metadata?.name ?? '';
  }
  throw new Error('after a minute the pod does not run');
}

/** Resolves when the cluster has no pod of the job. */
export async function untilPodIsGone({ cluster, ref }: TestCluster): Promise<void> {
  for (const endMs = Date.now() + 60_000; (await cluster.listPods(ref)).length > 0; await sleep(100)) {
    if (Date.now() > endMs) throw new Error('after a minute the pod is still there');
  }
}

/** The same cluster by another way. */
export function through(kubeConfig: KubeConfig, port: number): KubeConfig {
  const other = new KubeConfig();
  other.loadFromString(
    kubeConfig.exportConfig().replace(new URL(kubeConfig.getCurrentCluster()?.server ?? '').host, `127.0.0.1:${port}`),
  );
  return other;
}

/** A gate to the API server, to which it is who `kubeConfig` is; see {@link HttpGate}. */
export async function openClusterGate(
  kubeConfig: KubeConfig,
  identity?: HttpGateOptions['identity'],
): Promise<HttpGate> {
  const client = {};
  await kubeConfig.applyToHTTPSOptions(client);
  const target = kubeConfig.getCurrentCluster()?.server ?? '';
  return await createHttpGate({ target, client, ...(identity && { identity }) });
}

/** Port of the API server. */
export function portOf(kubeConfig: KubeConfig): number {
  return Number(new URL(kubeConfig.getCurrentCluster()?.server ?? '').port);
}
