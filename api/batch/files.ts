import type { Context } from 'koa';
import { inputObjectOf } from '../../bucket/objects.ts';
import type { Job, StoredObject } from '../../workflows/contract.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { doesNotExist } from '../errors.ts';
import { success } from '../envelope.ts';
import { parseFilesQuery } from '../schemas/query.ts';
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
    const { object, sizeBytes, downloadName } = await zipOf(deps, await findJob(deps, principalOf(context), id), side);
    const readRange = (offset: number, lengthBytes: number) => deps.bucket.readRange(object, offset, lengthBytes);
    const listed = await zipFiles(sizeBytes, readRange, limit);
    context.body = success({ ...listed, url: await downloadUrl(deps, object, downloadName) });
  };
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
