import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { Cluster } from './client.ts';
import { kubernetesJobOf } from './names.ts';
import { newestPodOf } from './outcome.ts';

/** The newest pod of a job in `role`; undefined when the cluster has none. */
export async function findPod(
  cluster: Pick<Cluster, 'listPods'>,
  ref: JobRef,
  role: JobRole,
): Promise<V1Pod | undefined> {
  return newestPodOf(await cluster.listPods(ref), role);
}

/** What the cluster tells of a pod, or of its Job when there is no pod. */
export async function listStartEvents(
  cluster: Pick<Cluster, 'findJob' | 'listEvents'>,
  ref: JobRef,
  role: JobRole,
  pod: V1Pod | undefined,
): Promise<readonly CoreV1Event[]> {
  const subject = pod ?? (await cluster.findJob(kubernetesJobOf(ref, role)));
  const uid = subject?.metadata?.uid;
  return uid === undefined ? [] : await cluster.listEvents(uid);
}
