import { attemptObjectOf } from '../bucket/objects.ts';
import { cleanupJobManifest } from '../cluster/manifests.ts';
import type { CleanupPlacement, JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import type { Deployed } from './deploy.ts';
import { giveSecret, writeUrl } from './job-secret.ts';

/** Makes the Job that zips /output into an object of this attempt. */
export function createCleanup(deps: ActivityDeps) {
  const { cluster, pods } = deps;
  return async function cleanup(ref: JobRef, placement: CleanupPlacement): Promise<Deployed> {
    const object = attemptObjectOf(ref);
    const { startTimeoutMs, transferTimeoutMs } = placement;
    const entries = await writeUrl(deps, object, startTimeoutMs + transferTimeoutMs);
    const job = await cluster.createJob(ref, cleanupJobManifest(ref, object, pods, placement));
    await giveSecret(deps, ref, 'cleanup', job, entries);
    return { jobUid: job.metadata?.uid ?? '' };
  };
}
