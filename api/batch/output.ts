import type { Context } from 'koa';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { doesNotExist } from '../errors.ts';
import { findJob } from './find.ts';
import { outputUrlOf } from './view.ts';

/** `GET /batch/:id/output`: a redirection to a fresh signed URL of the output zip. */
export function getBatchJobOutput(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const job = await findJob(deps, principalOf(context), id);
    const url = await outputUrlOf(deps, job);
    if (url === undefined) throw doesNotExist(`Batch job ${job.id} has no output. Status is: ${job.status}.`);
    context.redirect(url);
  };
}
