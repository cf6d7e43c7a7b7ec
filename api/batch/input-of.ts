/** The input of a job that there is. */
import { inputObjectOf, spoolObjectOf } from '../../bucket/objects.ts';
import type { Job, StoredObject } from '../../workflows/contract.ts';
import { lacksScope } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { invalidParameters, isApiError } from '../errors.ts';
import type { ZipLimits } from '../zip-directory.ts';
import { findJob } from './find.ts';
import { spoolNamed } from './spool.ts';

/** An input waits in the spool until its job takes it. It may be gone from the bucket by the bucket's own rules. */
export async function findInput(
  { bucket }: Pick<ApiDeps, 'bucket'>,
  { id, name, hasInput }: Job,
): Promise<StoredObject | undefined> {
  if (!hasInput) return undefined;
  return (await bucket.stat(inputObjectOf(name))) ?? (await bucket.stat(spoolObjectOf(id)));
}

/**
 * Copies the input of the job `from` into the spool for the job `id`. Leaves nothing there when it fails.
 * @throws ApiError 400 when there is no such job that `principal` may know of, or it has no input; 403 when it may not look at jobs
 */
export async function spoolInputOf(
  deps: ApiDeps,
  id: string,
  principal: Principal,
  from: string,
  limits: ZipLimits,
): Promise<StoredObject> {
  if (!principal.scopes.has('read')) throw lacksScope(principal, 'read');
  const job = await findJob(deps, principal, from).catch((error: unknown) => {
    throw isApiError(error) && error.status === 404 ? fault('There is no such job') : error;
  });
  const input = await findInput(deps, job);
  if (input === undefined) throw fault('This job has no input');
  const copy = ({ object }: StoredObject) => spoolNamed(deps, id, { object }, limits, fault);
  return await copy(input).catch(async (error: unknown) => {
    // It moves once, when its job takes it out of the spool.
    const moved = await findInput(deps, job);
    if (moved === undefined || moved.object === input.object) throw error;
    return await copy(moved);
  });
}

function fault(message: string) {
  return invalidParameters({ job_parameters: { input_from: message } });
}
