import type { SecretEntries } from '../cluster/manifests.ts';
import { environmentKeyOf } from '../cluster/names.ts';
import { purposeOf, sealedIn } from '../workflows/environment.ts';
import { SealError } from '../sealing.ts';
import type { JobRequest } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** Opens what is sensitive in the environment of the task, for its Secret. @throws SealError when a key is missing */
export async function openEnvironment(
  { sealer }: Pick<ActivityDeps, 'sealer'>,
  { id, parameters }: JobRequest,
): Promise<SecretEntries> {
  const open = async ([name, { sealed }]: ReturnType<typeof sealedIn>[number], index: number) => {
    if (sealer === undefined) throw new SealError('a value is sealed, and no ENCRYPTION_KEYS are given');
    return [environmentKeyOf(index), await sealer.open(sealed, purposeOf(id, name))] as const;
  };
  return Object.fromEntries(await Promise.all(sealedIn(parameters.environment_variables).map(open)));
}
