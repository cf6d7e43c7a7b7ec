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
    const taskEntries = await taskSecret(deps, request, input);
    const uploadEntries = isOnePod(ref) ? await writeUrl(deps, object, onePodTimeMs(request)) : {};
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

/** What the task and the download before it have to know in secret. */
async function taskSecret(
  deps: ActivityDeps,
  request: JobRequest,
  input: StoredObject | undefined,
): Promise<SecretEntries> {
  const { startTimeoutMs, transferTimeoutMs } = request;
  return {
    ...(await openEnvironment(deps, request)),
    ...(input && (await readUrl(deps, input.object, startTimeoutMs + transferTimeoutMs))),
  };
}
