import { randomUUID } from 'node:crypto';
import { isStoreUnavailable } from '../../store/errors.ts';
import type { Job, JobRequest, StoredObject } from '../../workflows/contract.ts';
import { initialJob } from '../../workflows/state.ts';
import type { ApiDeps } from '../deps.ts';
import { invalidParameters } from '../errors.ts';
import type { ApiError } from '../errors.ts';
import { defined } from '../objects.ts';
import type { JobSpec } from '../schemas/job.ts';
import { deriveName } from '../schemas/name.ts';
import { discardSpool } from './spool.ts';

/** Jobs without a name that come in the same millisecond get the next ones; so many in a row are taken only by accident. */
const MAX_DERIVED_NAMES = 20;

/** A valid request that has an identity, and whose name was free a moment ago. */
export interface Draft {
  readonly id: string;
  readonly created: number;
  readonly spec: JobSpec;
}

/**
 * Gives a request its identity, and refuses it early when its name is taken or Temporal is away: before the input is read.
 * @throws ApiError 400 or 503
 */
export async function draftJob(deps: ApiDeps, spec: JobSpec): Promise<Draft> {
  await Promise.all([refuseTakenName(deps, spec.name), deps.workflows.ping()]);
  return { id: randomUUID(), created: Date.now(), spec };
}

/**
 * Starts the workflow: when this resolves the job is accepted, and no crash loses it.
 * @throws ApiError 400 when the name is taken after all; the spooled input is removed then
 */
export async function startJob(deps: ApiDeps, draft: Draft, input: StoredObject | undefined): Promise<Job> {
  for (const request of requestsOf(deps, draft, input)) {
    if ((await deps.workflows.start(request)) === 'taken') continue;
    const job = initialJob(request);
    await mirror(deps, job);
    return job;
  }
  if (input !== undefined) await discardSpool(deps, draft.id);
  throw nameTaken(draft.spec.name ?? draft.spec.parameters.docker_image);
}

/** One request when the client chose the name, else one for each name that we try. */
function* requestsOf({ settings }: ApiDeps, draft: Draft, input: StoredObject | undefined): Generator<JobRequest> {
  const { id, spec } = draft;
  const attempts = spec.name === undefined ? MAX_DERIVED_NAMES : 1;
  const resources = spec.parameters.resources ?? settings.jobDefaultResources;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const created = draft.created + attempt;
    yield defined({
      id,
      name: spec.name ?? deriveName(spec.parameters.docker_image, created),
      created,
      parameters: { ...spec.parameters, ...(resources && { resources }) },
      input,
      synchronizationIntervalMs: settings.synchronizationIntervalMs,
      startTimeoutMs: timeoutMs(spec.parameters.start_timeout_seconds, settings.jobStartTimeoutMs),
      runTimeoutMs: timeoutMs(spec.parameters.timeout_seconds, settings.jobRunTimeoutMs),
      transferTimeoutMs: settings.jobTransferTimeoutMs,
    });
  }
}

function timeoutMs(seconds: number | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : seconds * 1000;
}

/** Lists show the job at once. Should this fail, the workflow's own mirroring comes a moment later. */
async function mirror({ store, logger }: ApiDeps, job: Job): Promise<void> {
  await store.record(job).catch((error: unknown) => {
    logger.warn({ err: error, jobId: job.id }, 'new job could not be mirrored');
  });
}

/** A look that spares the work; the workflow's id decides. */
async function refuseTakenName({ store, logger }: ApiDeps, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const mirrored = await store.find(name).catch((error: unknown) => {
    if (!isStoreUnavailable(error)) throw error;
    logger.warn({ err: error }, 'name could not be looked up');
    return undefined;
  });
  if (mirrored?.name === name) throw nameTaken(name);
}

function nameTaken(name: string): ApiError {
  return invalidParameters({ name: `A job called ${name} exists already` });
}
