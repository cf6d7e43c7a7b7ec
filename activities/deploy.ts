import { attemptObjectOf } from '../bucket/objects.ts';
import { taskJobManifest } from '../cluster/manifests.ts';
import type { SecretEntries } from '../cluster/manifests.ts';
import { attemptRef } from '../cluster/names.ts';
import { onePodJobManifest, onePodTimeMs } from '../cluster/one-pod.ts';
import type { JobRequest, StoredObject } from '../workflows/contract.ts';
import { isOnePod, refOf } from '../workflows/observation.ts';
import type { AttemptSpec } from '../workflows/observation.ts';

import type { ActivityDeps } from './deps.ts';
import { openEnvironment } from './environment.ts';
import { giveSecret, readUrl, writeUrl } from './job-secret.ts';

/** A Kubernetes Job that was made, by its UID. */
export interface Deployed {
  readonly jobUid: string;
}

/**
 * Makes the Job that runs the user's container, after an init container that fetches `input`, and in one pod before the upload; then its
 * Secrets, for the Job has to be there to own them.
 */
export function createDeploy(deps: ActivityDeps) {
  const { cluster, pods } = deps;
  return async function deploy(request: JobRequest, input?: StoredObject, again?: AttemptSpec): Promise<Deployed> {
    const ref = attemptRef(refOf(request), again);
    const object = attemptObjectOf(ref);
    const [taskEntries, uploadEntries] = await entriesOf(deps, request, object, input);
    const manifest = isOnePod(ref)
      ? onePodJobManifest(request, object, pods, input, again)
      : taskJobManifest(request, pods, input, again);
    const job = await cluster.createJob(ref, manifest);
    await Promise.all([
      giveSecret(deps, ref, 'task', job, taskEntries),
      giveSecret(deps, ref, 'cleanup', job, uploadEntries),
    ]);
    return { jobUid: job.metadata?.uid ?? '' };
  };
}

/** What the containers of the Job have to know in secret: those of the task, and the upload's when it is in the same pod. */
async function entriesOf(deps: ActivityDeps, request: JobRequest, object: string, input: StoredObject | undefined) {
  const { startTimeoutMs, transferTimeoutMs } = request;
  return await Promise.all([
    Promise.all([
      openEnvironment(deps, request),
      input && readUrl(deps, input.object, startTimeoutMs + transferTimeoutMs),
    ]).then(([environment, url]): SecretEntries => ({ ...environment, ...url })),
    isOnePod(refOf(request)) ? writeUrl(deps, object, onePodTimeMs(request)) : {},
  ]);
}
