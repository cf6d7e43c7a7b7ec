import type { Context } from 'koa';
import type { WaitOptions } from '../../store/changes.ts';
import { isFinal } from '../../workflows/contract.ts';
import type { Job } from '../../workflows/contract.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { success } from '../envelope.ts';
import { explainItself } from '../explain.ts';
import { getHeaders, readHeaders } from '../schemas/headers.ts';
import { parseGetQuery } from '../schemas/query.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';
import { findJob } from './find.ts';
import { etagOf, viewJob } from './view.ts';

/**
 * `GET /batch/:id`: one job, and what it waits for; `?wait=N` answers with its next change, or after N seconds. A change since the last answer
 * is not missed when the client sends that answer's `ETag` as `If-None-Match`. What has just changed is not explained by asking others:
 * Temporal and the cluster would be asked at each change of each job that somebody waits for.
 */
export function getBatchJob(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const { wait = 0 } = parseGetQuery(context.query);
    const askedMs = performance.now();
    const found = await findJob(deps, principalOf(context), id);
    const changed = await nextChange(deps, context, found, { askedMs, timeoutMs: wait * 1000 });
    const job = changed ?? found;
    context.set('ETag', etagOf(job));
    const [view, explanation] = await Promise.all([
      viewJob(deps, job),
      changed ? explainItself(changed) : deps.explain(job),
    ]);
    context.body = success({ ...view, ...(explanation !== undefined && { explain: explanation }) });
  };
}

async function nextChange(
  deps: ApiDeps,
  context: Context,
  job: Job,
  wait: Pick<WaitOptions, 'askedMs' | 'timeoutMs'>,
): Promise<Job | undefined> {
  const { 'If-None-Match': seen } = readHeaders(getHeaders, context);
  if (wait.timeoutMs === 0 || isFinal(job.status) || (seen !== '' && seen !== etagOf(job))) return undefined;
  const changed = ({ revision }: Job) => revision > job.revision;
  return await deps.changes.waitForJob(job.id, changed, { ...wait, signal: requestAbortSignal(context) });
}
