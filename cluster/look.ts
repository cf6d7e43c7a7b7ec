import type { JobRole, Observation } from '../workflows/contract.ts';
import type { Cluster } from './client.ts';
import { kubernetesJobOf } from './names.ts';
import type { JobRef } from './names.ts';
import { observe } from './outcome.ts';

/** Reads from the cluster how far a Kubernetes Job of a job has come. */
export type Look = (ref: JobRef, role: JobRole) => Promise<Observation>;

/** The Job is read before its pods: of one that has ended, what is read afterwards shows how. */
export function createLook(cluster: Pick<Cluster, 'findJob' | 'listPods'>): Look {
  return async (ref, role) => {
    const job = await cluster.findJob(kubernetesJobOf(ref, role));
    return observe(role, job, await cluster.listPods(ref));
  };
}
