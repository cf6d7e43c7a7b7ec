import { taskJobManifest } from '../cluster/manifests.ts';
import { attemptRef } from '../cluster/names.ts';
import type { JobRequest, StoredObject } from '../workflows/contract.ts';
import type { AttemptSpec } from '../workflows/observation.ts';
import { refOf } from '../workflows/state.ts';
import type { ActivityDeps } from './deps.ts';
import { openEnvironment } from './environment.ts';
import { giveSecret, readUrl } from './job-secret.ts';

/** A Kubernetes Job that was made, by its UID. */
export interface Deployed {
  readonly jobUid: string;
}

/**
 * Makes the Job that runs the user's container, after an init container that fetches `input`; then its Secret, for the Job has to be
 * there to own it.
 */
export function createDeploy(deps: ActivityDeps) {
  const { cluster, pods } = deps;
  return async function deploy(request: JobRequest, input?: StoredObject, again?: AttemptSpec): Promise<Deployed> {
    const { startTimeoutMs, transferTimeoutMs } = request;
    const entries = {
      ...(await openEnvironment(deps, request)),
      ...(input && (await readUrl(deps, input.object, startTimeoutMs + transferTimeoutMs))),
    };
    const job = await cluster.createJob(request, taskJobManifest(request, pods, input, again));
    await giveSecret(deps, attemptRef(refOf(request), again), 'task', job, entries);
    return { jobUid: job.metadata?.uid ?? '' };
  };
}
