import type { Context } from 'koa';
import { isObjectMissing } from '../../bucket/errors.ts';
import { inputObjectOf } from '../../bucket/objects.ts';
import type { Job, StoredObject } from '../../workflows/contract.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { doesNotExist } from '../errors.ts';
import { success } from '../envelope.ts';
import { parseFilesQuery } from '../schemas/query.ts';
import type { ZipFiles } from '../schemas/zip-files.ts';
import { zipFiles } from '../zip-files.ts';
import { findJob } from './find.ts';
import { findInput } from './input-of.ts';
import { downloadUrl } from './view.ts';

/** One of a job's two zips. */
export type Side = 'input' | 'output';

/** `GET /batch/:id/input/files` and `GET /batch/:id/output/files`: what is in a zip, and a fresh signed URL of it. */
export function getZipFiles(deps: ApiDeps, side: Side) {
  return async (context: Context, id: string): Promise<void> => {
    const { limit } = parseFilesQuery(context.query);
    const job = await findJob(deps, principalOf(context), id);
    const list = () => listZip(deps, job, side, limit);
    // An input moves once, when its job takes it out of the spool.
    const listed = (await list()) ?? (await list());
    if (listed === undefined) throw doesNotExist(`The ${side} of batch job ${job.id} is not in the bucket any more.`);
    context.body = success(listed);
  };
}

/** @returns undefined when the zip was there, and is not any more */
async function listZip(deps: ApiDeps, job: Job, side: Side, limit: number): Promise<ZipFiles | undefined> {
  const { object, sizeBytes, downloadName } = await zipOf(deps, job, side);
  const readRange = (offset: number, lengthBytes: number) => deps.bucket.readRange(object, offset, lengthBytes);
  try {
    const listed = await zipFiles(sizeBytes, readRange, limit);
    return { ...listed, url: await downloadUrl(deps, object, downloadName) };
  } catch (error) {
    if (isObjectMissing(error)) return undefined;
    throw error;
  }
}

/** `GET /batch/:id/input` and `GET /batch/:id/output`: a redirection to a fresh signed URL of a zip. */
export function getZip(deps: ApiDeps, side: Side) {
  return async (context: Context, id: string): Promise<void> => {
    const { object, downloadName } = await zipOf(deps, await findJob(deps, principalOf(context), id), side);
    context.redirect(await downloadUrl(deps, object, downloadName));
  };
}

type Zip = Pick<StoredObject, 'object' | 'sizeBytes'> & { readonly downloadName: string };

/** @throws ApiError 404 when the job has no such zip */
async function zipOf(deps: ApiDeps, job: Job, side: Side): Promise<Zip> {
  const found = side === 'output' ? job.output : await findInput(deps, job);
  if (found === undefined) throw doesNotExist(`Batch job ${job.id} has no ${side}. Status is: ${job.status}.`);
  return { ...found, downloadName: side === 'output' ? found.object : inputObjectOf(job.name) };
}
