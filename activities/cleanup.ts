import { attemptObjectOf } from '../bucket/objects.ts';
import { cleanupJobManifest } from '../cluster/manifests.ts';
import type { CleanupPlacement, JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import type { Deployed } from './deploy.ts';

/** Makes the Job that zips /output into an object of this attempt; `taskUid` is the UID of the Job whose output it is. */
export function createCleanup({ cluster, pods }: ActivityDeps) {
  return async function cleanup(ref: JobRef, taskUid: string, placement: CleanupPlacement): Promise<Deployed> {
    const object = attemptObjectOf(ref.name, taskUid);
    const job = await cluster.createJob(ref, cleanupJobManifest(ref, object, pods, placement));
    return { jobUid: job.metadata?.uid ?? '' };
  };
}
