import { taskJobManifest } from '../cluster/manifests.ts';
import type { JobRequest, StoredObject } from '../workflows/contract.ts';
import type { AttemptSpec } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

/** A Kubernetes Job that was made, by its UID. */
export interface Deployed {
  readonly jobUid: string;
}

/** Makes the Job that runs the user's container, after an init container that fetches `input`. */
export function createDeploy({ cluster, pods }: ActivityDeps) {
  return async function deploy(request: JobRequest, input?: StoredObject, again?: AttemptSpec): Promise<Deployed> {
    const job = await cluster.createJob(request, taskJobManifest(request, pods, input, again));
    return { jobUid: job.metadata?.uid ?? '' };
  };
}
