import type { Context } from 'koa';
import { inputObjectOf, spoolObjectOf } from '../../bucket/objects.ts';
import type { Job, StoredObject } from '../../workflows/contract.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { doesNotExist } from '../errors.ts';
import { success } from '../envelope.ts';
import { parseFilesQuery } from '../schemas/query.ts';
import { zipFiles } from '../zip-files.ts';
import { findJob } from './find.ts';

/** One of a job's two zips. */
export type Side = 'input' | 'output';

/** `GET /batch/:id/input/files` and `GET /batch/:id/output/files`: what is in a zip. */
export function getZipFiles(deps: ApiDeps, side: Side) {
  return async (context: Context, id: string): Promise<void> => {
    const { limit } = parseFilesQuery(context.query);
    const { object, sizeBytes } = await zipOf(deps, await findJob(deps, principalOf(context), id), side);
    const readRange = (offset: number, lengthBytes: number) => deps.bucket.readRange(object, offset, lengthBytes);
    context.body = success(await zipFiles(sizeBytes, readRange, limit));
  };
}

/** `GET /batch/:id/input`: a redirection to a fresh signed URL of the input zip. */
export function getBatchJobInput(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const job = await findJob(deps, principalOf(context), id);
    const { object } = await zipOf(deps, job, 'input');
    const expiresMs = deps.settings.outputUrlExpiryMs;
    context.redirect(await deps.bucket.signedUrl(object, { expiresMs, downloadName: inputObjectOf(job.name) }));
  };
}

/** @throws ApiError 404 when the job has no such zip */
async function zipOf(deps: ApiDeps, job: Job, side: Side): Promise<Pick<StoredObject, 'object' | 'sizeBytes'>> {
  const found = side === 'output' ? job.output : await findInput(deps, job);
  if (found === undefined) throw doesNotExist(`Batch job ${job.id} has no ${side}. Status is: ${job.status}.`);
  return found;
}

/** An input waits in the spool until its job takes it. It may be gone from the bucket by the bucket's own rules. */
async function findInput({ bucket }: ApiDeps, { id, name, hasInput }: Job): Promise<StoredObject | undefined> {
  if (!hasInput) return undefined;
  return (await bucket.stat(inputObjectOf(name))) ?? (await bucket.stat(spoolObjectOf(id)));
}
