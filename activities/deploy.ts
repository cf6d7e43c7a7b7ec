import { taskJobManifest } from '../cluster/manifests.ts';
import { attemptRef } from '../cluster/names.ts';
import type { JobRequest, StoredObject } from '../workflows/contract.ts';
import type { AttemptSpec } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import { giveEnvironment, openEnvironment } from './environment.ts';

/** A Kubernetes Job that was made, by its UID. */
export interface Deployed {
  readonly jobUid: string;
}

/** Makes the Job that runs the user's container, after an init container that fetches `input`. */
export function createDeploy(deps: ActivityDeps) {
  const { cluster, pods } = deps;
  return async function deploy(request: JobRequest, input?: StoredObject, again?: AttemptSpec): Promise<Deployed> {
    const texts = await openEnvironment(deps, request);
    const job = await cluster.createJob(request, taskJobManifest(request, pods, input, again));
    await giveEnvironment(deps, attemptRef(request, again), job, texts);
    return { jobUid: job.metadata?.uid ?? '' };
  };
}
