import { claimManifest } from '../cluster/manifests.ts';
import { inputClaimOf, outputClaimOf } from '../cluster/names.ts';
import type { Storage } from '../workflows/parameters.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

/** Makes the claims of a job as it wants them: always the one for /output, the one for /input only when there is an input. */
export function createVolumes({ cluster, claimSize }: ActivityDeps) {
  return async function volumes(ref: JobRef, hasInput: boolean, storage?: Storage): Promise<void> {
    const claim = { size: claimSize, ...storage };
    const names = [outputClaimOf(ref), ...(hasInput ? [inputClaimOf(ref)] : [])];
    await Promise.all(names.map((name) => cluster.createClaim(ref, claimManifest(ref, name, claim))));
  };
}
