import type Router from '@koa/router';
import type { Context } from 'koa';
import { requireScope } from '../auth/principal.ts';
import { getCounts } from '../counts.ts';
import type { ApiDeps } from '../deps.ts';
import { askWhoCalls } from '../who-calls.ts';
import { createRouter } from '../router.ts';
import { createBatchJob } from './create.ts';
import { deleteBatchJob } from './delete.ts';
import { getBatchJobEvents } from './events.ts';
import { getZip, getZipFiles } from './files.ts';
import { getBatchJob } from './get.ts';
import { listBatchJobs } from './list.ts';
import { getBatchJobLogs } from './logs.ts';

/** The routes of batch jobs. */
export function createBatchRouter(deps: ApiDeps): Router {
  const router = createRouter('/batch');
  router.use(...askWhoCalls(deps));
  const [read, submit, kill] = [requireScope('read'), requireScope('submit'), requireScope('kill')];
  router.get('/', read, listBatchJobs(deps));
  router.post('/', submit, createBatchJob(deps));
  router.get('/:id', read, withId(getBatchJob(deps)));
  router.delete('/:id', kill, withId(deleteBatchJob(deps)));
  router.get('/:id/events', read, withId(getBatchJobEvents(deps)));
  router.get('/:id/logs', read, withId(getBatchJobLogs(deps)));
  for (const side of ['input', 'output'] as const) {
    router.get(`/:id/${side}`, read, withId(getZip(deps, side)));
    router.get(`/:id/${side}/files`, read, withId(getZipFiles(deps, side)));
  }
  return router;
}

/** The routes about all jobs together. */
export function createCountsRouter(deps: ApiDeps): Router {
  const router = createRouter();
  router.get('/counts', ...askWhoCalls(deps), requireScope('read'), getCounts(deps));
  return router;
}

type WithId = Context & { readonly params: Readonly<Record<string, string>> };

function withId(handler: (context: Context, id: string) => Promise<void>) {
  return (context: WithId) => handler(context, context.params['id'] ?? '');
}
