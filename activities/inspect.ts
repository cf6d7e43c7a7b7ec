import { evidenceOf } from '../cluster/evidence.ts';
import { findPod, listStartEvents } from '../cluster/pods.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { Evidence, JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

/** Reads what the cluster shows of a pod that did not start, before it is deleted. */
export function createInspect({ cluster }: Pick<ActivityDeps, 'cluster'>) {
  return async function inspect(ref: JobRef, role: JobRole): Promise<Evidence> {
    const pod = await findPod(cluster, ref, role);
    return evidenceOf(pod, await listStartEvents(cluster, ref, role, pod));
  };
}
