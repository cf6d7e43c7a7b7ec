import type { Context } from 'koa';
import type { JobSelection } from '../../store/selection.ts';
import type { Job } from '../../workflows/contract.ts';
import { formatCursor } from '../cursor.ts';
import { principalOf } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { success } from '../envelope.ts';
import { defined } from '../objects.ts';
import { parseListQuery } from '../schemas/query.ts';
import type { ListQuery } from '../schemas/query.ts';
import { lastOfFull, pageOf, streamList } from './list-events.ts';
import { viewJob } from './view.ts';

/**
 * `GET /batch/`: the jobs that the query selects, newest first. A full page links to the next one. Who accepts `text/event-stream` alone gets
 * the page, and the page as it is after each change.
 */
export function listBatchJobs(deps: ApiDeps) {
  return async (context: Context): Promise<void> => {
    const selection = selectionOf(parseListQuery(context.query), principalOf(context));
    context.vary('Accept');
    if (context.accepts('json', 'text/event-stream') === 'text/event-stream')
      return streamList(deps, context, selection);
    const page = await pageOf(deps, selection);
    const last = lastOfFull(page);
    if (last !== undefined) context.set('Link', `<${nextOf(context, last)}>; rel="next"`);
    context.body = success(await Promise.all(page.jobs.map((job) => viewJob(deps, job))));
  };
}

/** Undefined when it is for jobs that `principal` may not know of. */
function selectionOf(query: ListQuery, principal: Principal): JobSelection | undefined {
  const isOfAll = principal.scopes.has('admin');
  if (!isOfAll && query.owner !== undefined && query.owner !== principal.owner) return undefined;
  return defined({
    statuses: query.status,
    limit: query.limit,
    owner: isOfAll ? query.owner : principal.owner,
    namePrefix: query.name_prefix,
    labels: query.label,
    createdAfter: query.created_after,
    createdBefore: query.created_before,
    after: query.cursor,
  });
}

/** The next page's address, without a host: only the client knows by which one it reaches us. */
function nextOf(context: Context, last: Job): string {
  const query = new URLSearchParams(context.querystring);
  query.set('cursor', formatCursor(last));
  return `${context.path}?${query.toString()}`;
}
