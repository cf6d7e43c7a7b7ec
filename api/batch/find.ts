import { isStoreUnavailable } from '../../store/errors.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { Job } from '../../workflows/contract.ts';
import { jobNameOf } from '../auth/names.ts';
import { maySee } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { doesNotExist, invalidParameters } from '../errors.ts';
import { isLabel } from '../schemas/name.ts';
import { mirror } from './mirror.ts';

/** A job that has not changed for so long may have lost a message on its way to the mirror. */
const TRUSTED_FOR_MS = 60_000;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type FindDeps = Pick<ApiDeps, 'store' | 'workflows' | 'logger' | 'now'>;

/**
 * The job of this id, or the one that `principal` calls so. The mirror answers; the workflow is asked when the mirror does not know the
 * job, as it may have been away when that began, or has heard nothing of a running job for a minute, and the mirror is healed by the answer.
 * @throws ApiError 400 for what can be neither, 404 when there is no such job, or none that `principal` may know of
 */
export async function findJob(deps: FindDeps, principal: Principal, idOrName: string): Promise<Job> {
  if (!isLabel(idOrName)) throw invalidParameters({ id: 'Must be the id or the name of a job' });
  const mirrored = await findMirrored(deps, principal, idOrName);
  if (mirrored === undefined) return await findUnmirrored(deps, principal, idOrName);
  const isTrusted = isFinal(mirrored.job.status) || (deps.now ?? Date.now)() - mirrored.recordedMs < TRUSTED_FOR_MS;
  return isTrusted ? mirrored.job : await askWorkflow(deps, mirrored.job);
}

/** The newest that is known of a job: the mirror's row, or else the workflow's answer, or else `known`. */
export async function newestOf(deps: FindDeps, known: Job): Promise<Job> {
  const mirrored = await deps.store.find(known.id).catch((error: unknown) => {
    if (isStoreUnavailable(error)) return undefined;
    throw error;
  });
  return mirrored ?? (await askWorkflow(deps, known));
}

/** Asks the workflow of `known` and heals the mirror; `known` itself when there is no better answer. */
export async function askWorkflow(deps: FindDeps, known: Job): Promise<Job> {
  try {
    const job = await deps.workflows.query(known.name);
    if (job?.id !== known.id || job.revision < known.revision) return known;
    await deps.store.record(job);
    return job;
  } catch (error) {
    deps.logger.warn({ err: error, jobId: known.id }, 'job could not be checked against its workflow');
    return known;
  }
}

/** An id first: it is nobody's name but by intent. */
async function findMirrored({ store }: FindDeps, principal: Principal, idOrName: string) {
  const name = jobNameOf(principal.owner, idOrName);
  for (const key of new Set(UUID.test(idOrName) ? [idOrName, name] : [name])) {
    const mirrored = await store.findMirrored(key);
    if (mirrored && maySee(principal, mirrored.job)) return mirrored;
  }
  return undefined;
}

/** What the mirror does not know may have ended while the workflows were asked: then it does by now. */
async function findUnmirrored(deps: FindDeps, principal: Principal, given: string): Promise<Job> {
  const name = UUID.test(given) ? await deps.workflows.openNameOf(given) : jobNameOf(principal.owner, given);
  const open = name === undefined ? undefined : await deps.workflows.query(name);
  const job = open ?? (await findMirrored(deps, principal, given))?.job;
  if (job === undefined || !maySee(principal, job)) throw missing(given);
  if (open !== undefined) await mirror(deps, open);
  return job;
}

function missing(idOrName: string): Error {
  return doesNotExist(`Batch job ${idOrName} does not exist.`);
}
