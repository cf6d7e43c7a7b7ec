/** What of a job's parameters is not for everybody to read, or to ask for. */
import { purposeOf } from '../../workflows/environment.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { forbiddenVariables } from '../auth/secrets.ts';
import type { ApiDeps } from '../deps.ts';
import { defined } from '../objects.ts';
import { invalidFields } from '../schemas/faults.ts';
import type { Issue } from '../schemas/faults.ts';
import type { JobSpec } from '../schemas/job.ts';
import { notAllowedIssues } from './allowed.ts';
import { limitIssues, withLargestLimits } from './limits.ts';

const FORBIDDEN = 'This Secret may not be used: OWNER_SECRETS of the service says which may';
const NO_KEY = 'This service has no key to keep a sensitive value by: its operator has to give one by ENCRYPTION_KEYS';

type Deps = Pick<ApiDeps, 'settings' | 'sealer'>;

/**
 * @throws ApiError 400 when the environment names a Secret that `owner` may not use, or holds what cannot be kept, or when the job asks
 * for more than the operator allows, or names an object of the cluster that jobs may not name
 */
export function refuseParameters(deps: Deps, spec: JobSpec, owner: string | undefined): void {
  const { parameters } = spec;
  const issues = [
    ...environmentIssues(deps, spec, owner),
    ...limitIssues(parameters, deps.settings),
    ...notAllowedIssues(parameters, deps.settings.allowed),
  ];
  if (issues.length > 0) throw invalidFields(issues);
}

function environmentIssues({ settings, sealer }: Deps, spec: JobSpec, owner: string | undefined): Issue[] {
  const forbidden = forbiddenVariables(spec.parameters.environment_variables, owner, settings.ownerSecrets);
  const unkept = sealer === undefined ? Object.keys(spec.sensitive ?? {}) : [];
  return [
    ...forbidden.map((name) => environmentIssue(name, FORBIDDEN)),
    ...unkept.map((name) => environmentIssue(name, NO_KEY)),
  ];
}

/** The parameters as they stand in a request: with what the client left out, and nothing sensitive in clear. */
export async function parametersOf(
  { settings, sealer }: Deps,
  { id, spec }: { readonly id: string; readonly spec: JobSpec },
): Promise<JobParameters> {
  const { resources: asked = settings.jobDefaultResources, environment_variables: plain } = spec.parameters;
  const resources = settings.jobMaxResources ? withLargestLimits(asked, settings.jobMaxResources) : asked;
  const seal = async ([name, text]: readonly [string, string]) => {
    if (sealer === undefined) throw invalidFields([environmentIssue(name, NO_KEY)]);
    return [name, { sealed: await sealer.seal(text, purposeOf(id, name)) }] as const;
  };
  const sealed = Object.fromEntries(await Promise.all(Object.entries(spec.sensitive ?? {}).map(seal)));
  const environment = spec.sensitive ? { ...plain, ...sealed } : plain;
  return { ...spec.parameters, ...defined({ resources, environment_variables: environment }) };
}

function environmentIssue(name: string, message: string): Issue {
  return { path: ['job_parameters', 'environment_variables', name], message };
}
