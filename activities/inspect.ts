import { evidenceOf } from '../cluster/evidence.ts';
import type { JobRef } from '../cluster/names.ts';
import { findPod, listStartEvents } from '../cluster/pods.ts';
import type { Evidence, JobRole } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** Reads what the cluster shows of a pod that did not start, before it is deleted. */
export function createInspect({ cluster }: Pick<ActivityDeps, 'cluster'>) {
  return async function inspect(ref: JobRef, role: JobRole): Promise<Evidence> {
    const pod = await findPod(cluster, ref, role);
    return evidenceOf(pod, await listStartEvents(cluster, ref, role, pod));
  };
}
