import type { V1Job } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import type { Cluster } from './client.ts';
import { createCloserLook } from './closer-look.ts';
import { createdPodOf, isStopOf } from './explain.ts';
import { kubernetesJobOf } from './names.ts';
import { observe, showsItsEnd } from './outcome.ts';

/** Reads from the cluster how far a Kubernetes Job of a job has come. */
export type Look = (ref: JobRef, role: JobRole) => Promise<Observation>;

/** What a look asks. */
type Asked = Pick<Cluster, 'findJob' | 'listPods' | 'listEvents' | 'listPodEvents' | 'listClaimEvents'>;

/** The Job is read before its pods: of one that has ended, what is read afterwards shows how, or the pod is gone. */
export function createLook(cluster: Asked): Look {
  const lookCloser = createCloserLook(cluster);
  return async (ref, role) => {
    const job = await cluster.findJob(kubernetesJobOf(ref, role));
    const pods = await cluster.listPods(ref);
    const isUnseen = job !== undefined && !showsItsEnd(role, job, pods);
    return await lookCloser(ref, observe(role, job, pods, isUnseen && (await wasStopped(cluster, role, job))));
  };
}

/** True when the cluster noted that it stopped the main container of the Job's pod. It keeps its notes for an hour, usually. */
async function wasStopped(cluster: Asked, role: JobRole, job: V1Job): Promise<boolean> {
  const podName = createdPodOf(await cluster.listEvents(job.metadata?.uid ?? ''));
  if (podName === undefined) return false;
  return (await cluster.listPodEvents(podName)).some((event) => isStopOf(role, event));
}
