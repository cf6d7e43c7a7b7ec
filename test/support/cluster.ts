import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { KubeConfig } from '@kubernetes/client-node';
import { createCluster } from '../../cluster/client.ts';
import type { Cluster } from '../../cluster/client.ts';
import { loadKubeConfig } from '../../cluster/connect.ts';
import type { JobRef } from '../../cluster/names.ts';
import { required } from './environment.ts';
import { aName } from './job-client.ts';

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
  const kubeConfig = loadKubeConfig({ namespace, kubeconfigPath: required('KUBECONFIG') });
  const cluster = createCluster(kubeConfig, namespace);
  const ref = { id: randomUUID(), name: aName('cluster-test') };
  context.after(async () => {
    for (const object of await cluster.listObjects(ref)) await cluster.deleteObject(object);
  });
  return { kubeConfig, namespace, cluster, ref };
}
