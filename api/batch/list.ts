import type { Context } from 'koa';
import type { ApiDeps } from '../deps.ts';
import { success } from '../envelope.ts';
import { parseListQuery } from '../schemas/query.ts';
import { viewJob } from './view.ts';

/** `GET /batch/`: the jobs of some statuses, newest first. */
export function listBatchJobs(deps: ApiDeps) {
  return async (context: Context): Promise<void> => {
    const { status, limit } = parseListQuery(context.query);
    const jobs = await deps.store.list({ statuses: status, limit });
    context.body = success(await Promise.all(jobs.map((job) => viewJob(deps, job))));
  };
}
