import { environmentSecretManifest } from '../cluster/manifests.ts';
import type { KubernetesJob } from '../cluster/manifests.ts';
import { purposeOf, sealedIn } from '../workflows/environment.ts';
import { SealError } from '../sealing.ts';
import type { JobRequest } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

type EnvironmentDeps = Pick<ActivityDeps, 'cluster' | 'sealer'>;

/** Opens what is sensitive in the environment of the task. @throws SealError when a key is missing */
export async function openEnvironment({ sealer }: EnvironmentDeps, { id, parameters }: JobRequest): Promise<string[]> {
  const open = async ([name, { sealed }]: ReturnType<typeof sealedIn>[number]) => {
    if (sealer === undefined) throw new SealError('a value is sealed, and no ENCRYPTION_KEYS are given');
    return await sealer.open(sealed, purposeOf(id, name));
  };
  return await Promise.all(sealedIn(parameters.environment_variables).map(open));
}

/** Hands `texts` to the task of `job`, whose pod waits for them. */
export async function giveEnvironment(
  { cluster }: EnvironmentDeps,
  ref: JobRef,
  job: KubernetesJob,
  texts: readonly string[],
): Promise<void> {
  if (texts.length > 0) await cluster.ensureSecret(environmentSecretManifest(ref, job, texts));
}
