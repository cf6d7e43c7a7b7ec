import { evidenceOf } from '../cluster/evidence.ts';
import type { JobRef } from '../cluster/names.ts';
import { kubernetesJobOf } from '../cluster/names.ts';
import { newestPodOf } from '../cluster/outcome.ts';
import type { Evidence, JobRole } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** Reads what the cluster shows of a pod that did not start, before it is deleted. */
export function createInspect({ cluster }: Pick<ActivityDeps, 'cluster'>) {
  return async function inspect(ref: JobRef, role: JobRole): Promise<Evidence> {
    const pod = newestPodOf(await cluster.listPods(ref), role);
    const subject = pod ?? (await cluster.findJob(kubernetesJobOf(ref.name, role)));
    const uid = subject?.metadata?.uid;
    return evidenceOf(pod, uid === undefined ? [] : await cluster.listEvents(uid));
  };
}
