import { taskJobManifest } from '../cluster/manifests.ts';
import type { JobRef } from '../cluster/names.ts';
import type { JobParameters, StoredObject } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** A Kubernetes Job that was made, by its UID. */
export interface Deployed {
  readonly jobUid: string;
}

/** Makes the Job that runs the user's container, after an init container that fetches `input`. */
export function createDeploy({ cluster, transfer }: ActivityDeps) {
  return async function deploy(ref: JobRef, parameters: JobParameters, input?: StoredObject): Promise<Deployed> {
    const job = await cluster.createJob(ref, taskJobManifest(ref, parameters, transfer, input));
    return { jobUid: job.metadata?.uid ?? '' };
  };
}
