/** What of a job's parameters is not for everybody to read, or to ask for. */
import { purposeOf } from '../../workflows/environment.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { forbiddenVariables } from '../auth/secrets.ts';
import type { ApiDeps } from '../deps.ts';
import { invalidParameters } from '../errors.ts';
import type { ApiError } from '../errors.ts';
import { defined } from '../objects.ts';
import type { JobSpec } from '../schemas/job.ts';

const FORBIDDEN = 'This Secret may not be used: OWNER_SECRETS of the service says which may';
const NO_KEY = 'This service has no key to keep a sensitive value by: its operator has to give one by ENCRYPTION_KEYS';

type Deps = Pick<ApiDeps, 'settings' | 'sealer'>;

/** @throws ApiError 400 when the environment names a Secret that `owner` may not use, or holds what cannot be kept */
export function refuseEnvironment({ settings, sealer }: Deps, spec: JobSpec, owner: string | undefined): void {
  const forbidden = forbiddenVariables(spec.parameters.environment_variables, owner, settings.ownerSecrets);
  const unkept = sealer === undefined ? Object.keys(spec.sensitive ?? {}) : [];
  const faults = [
    ...forbidden.map((name) => [name, FORBIDDEN] as const),
    ...unkept.map((name) => [name, NO_KEY] as const),
  ];
  if (faults.length > 0) throw environmentFault(Object.fromEntries(faults));
}

/** The parameters as they stand in a request: with what the client left out, and nothing sensitive in clear. */
export async function parametersOf(
  { settings, sealer }: Deps,
  { id, spec }: { readonly id: string; readonly spec: JobSpec },
): Promise<JobParameters> {
  const { resources = settings.jobDefaultResources, environment_variables: plain } = spec.parameters;
  const seal = async ([name, text]: readonly [string, string]) => {
    if (sealer === undefined) throw environmentFault({ [name]: NO_KEY });
    return [name, { sealed: await sealer.seal(text, purposeOf(id, name)) }] as const;
  };
  const sealed = Object.fromEntries(await Promise.all(Object.entries(spec.sensitive ?? {}).map(seal)));
  const environment = spec.sensitive ? { ...plain, ...sealed } : plain;
  return { ...spec.parameters, ...defined({ resources, environment_variables: environment }) };
}

function environmentFault(faults: Readonly<Record<string, string>>): ApiError {
  return invalidParameters({ job_parameters: { environment_variables: faults } });
}
