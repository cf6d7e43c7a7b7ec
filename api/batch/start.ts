import { randomUUID } from 'node:crypto';
import { isStoreUnavailable } from '../../store/errors.ts';
import type { Job, JobRequest, StoredObject } from '../../workflows/contract.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { initialJob } from '../../workflows/state.ts';
import { jobNameOf, MAX_OWNED_NAME_LENGTH } from '../auth/names.ts';
import type { ApiDeps } from '../deps.ts';
import { idempotencyKeyReused, invalidParameters } from '../errors.ts';
import type { ApiError } from '../errors.ts';
import { requestHashOf } from '../idempotency.ts';
import { defined } from '../objects.ts';
import type { JobSpec } from '../schemas/job.ts';
import { deriveName, MAX_NAME_LENGTH } from '../schemas/name.ts';
import type { KeyUse } from '../workflows.ts';
import { standardRunTimeoutMs, standardStartTimeoutMs } from './limits.ts';
import { mirror } from './mirror.ts';
import { parametersOf, refuseParameters } from './parameters.ts';
import { discardObject } from './spool.ts';

/** Jobs without a name that come in the same millisecond get the next ones; so many in a row are taken only by accident. */
const MAX_DERIVED_NAMES = 20;

/** Each draft of this process has a millisecond of its own: jobs without a name are called after it. */
const nextMomentMs = createMoments();

function createMoments(): () => number {
  let lastMs = 0;
  return () => (lastMs = Math.max(Date.now(), lastMs + 1));
}

/** Who sent a request, and under which key. */
export interface Sender {
  /** Whose job it becomes; undefined where nobody is asked. */
  readonly owner: string | undefined;
  /** Of the client's idempotency key, if it sent one. */
  readonly keyHash: string | undefined;
}

/** A valid request that has an identity, and whose name was free a moment ago. */
export interface Draft extends Partial<Sender> {
  readonly id: string;
  readonly created: number;
  readonly spec: JobSpec;
}

/**
 * Gives a request its identity, and refuses it early when its name is taken, or when what it needs is away: before the
 * input is read.
 * @throws ApiError 400 or 503
 */
export async function draftJob(deps: ApiDeps, spec: JobSpec, { owner, keyHash }: Sender): Promise<Draft> {
  refuseLongName(spec, owner);
  refuseParameters(deps, spec, owner);
  await Promise.all([refuseTakenName(deps, spec, { owner, keyHash }), deps.workflows.ping()]);
  return defined({ id: randomUUID(), created: nextMomentMs(), spec, owner, keyHash });
}

/** The name of an owner's job gets a suffix on the cluster. */
function refuseLongName({ name = '' }: JobSpec, owner: string | undefined): void {
  if (owner === undefined || name.length <= MAX_OWNED_NAME_LENGTH) return;
  throw invalidParameters({ name: `Must be at most ${MAX_OWNED_NAME_LENGTH} characters` });
}

/**
 * Starts the workflow: when this resolves the job is accepted, and no crash loses it. Under an idempotency key that was used
 * for the same request it is that request's job. The spooled input is removed when it is certain that no workflow has it.
 * @throws ApiError 400 when the name is taken after all, 409 when the key was used for another request
 */
export async function startJob(deps: ApiDeps, draft: Draft, input: StoredObject | undefined): Promise<Job> {
  const { owner, keyUse, known } = await reserveKey(deps, draft, input).catch(async (error: unknown) => {
    await discardObject(deps, input?.object);
    throw error;
  });
  if (known === undefined) return await startWorkflow(deps, owner, input, keyUse);
  await discardObject(deps, input?.object);
  return known;
}

async function startWorkflow(
  deps: ApiDeps,
  draft: Draft,
  input: StoredObject | undefined,
  keyUse: KeyUse | undefined,
): Promise<Job> {
  const parameters = await parametersOf(deps, draft);
  for (const request of requestsOf(deps, draft, parameters, input)) {
    const holder = await deps.workflows.start(request, keyUse);
    if (holder.jobId !== request.id) continue;
    // Another request of the same key, or an earlier try of this one, may have been quicker.
    if (holder.inputObject !== input?.object) await discardObject(deps, input?.object);
    const job = initialJob(request);
    await mirror(deps, job);
    return job;
  }
  await discardObject(deps, input?.object);
  if (draft.keyHash !== undefined) await deps.store.submissions.release({ keyHash: draft.keyHash, jobId: draft.id });
  throw nameTaken(draft.spec.name ?? draft.spec.parameters.docker_image);
}

/** Whose job the draft is to become. */
interface Reservation {
  /** The draft, under the identity that its key stands for. */
  readonly owner: Draft;
  readonly keyUse?: KeyUse;
  /** The job, when the key stands for one that is mirrored already. */
  readonly known?: Job;
}

/**
 * The first request of a key lends it its identity; all others go on under that, until the workflow's id shows which of them
 * was first. So a process that dies in between leaves nothing that the next request could not finish.
 */
async function reserveKey(deps: ApiDeps, draft: Draft, input: StoredObject | undefined): Promise<Reservation> {
  const { id, created, spec, keyHash } = draft;
  if (keyHash === undefined) return { owner: draft };
  const requestHash = requestHashOf(spec, input, deps.sealer);
  const holder = await deps.store.submissions.reserve({ keyHash, requestHash, jobId: id, created });
  if (holder.requestHash !== requestHash) throw idempotencyKeyReused();
  const owner = { ...draft, id: holder.jobId, created: holder.created };
  const keyUse = { keyHash, requestHash };
  if (holder.jobId === id) return { owner, keyUse };
  // Temporal forgets a workflow some days after its end. The mirror does not, so that the job is not run once more.
  return defined({ owner, keyUse, known: await deps.store.find(holder.jobId) });
}

/**
 * The job of an earlier request with the same key, when that can be told without the input: an input that was named may be
 * gone by now.
 */
export async function findEarlier(deps: ApiDeps, { spec, keyHash }: Draft): Promise<Job | undefined> {
  if (keyHash === undefined) return undefined;
  const holder = await deps.store.submissions.find(keyHash);
  return holder?.requestHash === requestHashOf(spec, undefined, deps.sealer)
    ? await deps.store.find(holder.jobId)
    : undefined;
}

/** One request when the client chose the name, else one for each name that we try. */
function* requestsOf(
  { settings }: ApiDeps,
  draft: Draft,
  parameters: JobParameters,
  input: StoredObject | undefined,
): Generator<JobRequest> {
  const { id, spec, owner } = draft;
  const attempts = spec.name === undefined ? MAX_DERIVED_NAMES : 1;
  const maxLength = owner === undefined ? MAX_NAME_LENGTH : MAX_OWNED_NAME_LENGTH;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const created = draft.created + attempt;
    yield defined({
      id,
      name: jobNameOf(owner, spec.name ?? deriveName(spec.parameters.docker_image, created, maxLength)),
      created,
      owner,
      parameters,
      input,
      synchronizationIntervalMs: settings.synchronizationIntervalMs,
      startTimeoutMs: timeoutMs(spec.parameters.start_timeout_seconds, standardStartTimeoutMs(settings)),
      runTimeoutMs: timeoutMs(spec.parameters.timeout_seconds, standardRunTimeoutMs(settings)),
      transferTimeoutMs: settings.jobTransferTimeoutMs,
      maxResources: settings.jobMaxResources,
      isQueued: settings.isQueueing || undefined,
    });
  }
}

function timeoutMs(seconds: number | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : seconds * 1000;
}

/** A look that spares the work; the workflow's id decides. The key is looked for last: it is there before its job is. */
async function refuseTakenName(deps: ApiDeps, { name }: JobSpec, { owner, keyHash }: Sender): Promise<void> {
  const isTaken = name !== undefined && (await isMirrored(deps, jobNameOf(owner, name)));
  const isRepeated = keyHash !== undefined && (await deps.store.submissions.find(keyHash)) !== undefined;
  if (isTaken && !isRepeated) throw nameTaken(name);
}

async function isMirrored({ store, logger }: ApiDeps, name: string): Promise<boolean> {
  try {
    return (await store.find(name))?.name === name;
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    logger.warn({ err: error }, 'name could not be looked up');
    return false;
  }
}

function nameTaken(name: string): ApiError {
  return invalidParameters({ name: `A job called ${name} exists already` });
}
