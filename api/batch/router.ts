import type Router from '@koa/router';
import type { Context } from 'koa';
import { ANYBODY, identify, requireScope } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { createRouter } from '../router.ts';
import { createBatchJob } from './create.ts';
import { deleteBatchJob } from './delete.ts';
import { getBatchJobEvents } from './events.ts';
import { getBatchJob } from './get.ts';
import { listBatchJobs } from './list.ts';
import { getBatchJobLogs } from './logs.ts';
import { getBatchJobOutput } from './output.ts';

/** The routes of batch jobs. */
export function createBatchRouter(deps: ApiDeps): Router {
  const router = createRouter('/batch');
  router.use(identify(deps.authenticate ?? (() => Promise.resolve(ANYBODY))));
  const [read, submit, kill] = [requireScope('read'), requireScope('submit'), requireScope('kill')];
  router.get('/', read, listBatchJobs(deps));
  router.post('/', submit, createBatchJob(deps));
  router.get('/:id', read, withId(getBatchJob(deps)));
  router.delete('/:id', kill, withId(deleteBatchJob(deps)));
  router.get('/:id/events', read, withId(getBatchJobEvents(deps)));
  router.get('/:id/logs', read, withId(getBatchJobLogs(deps)));
  router.get('/:id/output', read, withId(getBatchJobOutput(deps)));
  return router;
}

type WithId = Context & { readonly params: Readonly<Record<string, string>> };

function withId(handler: (context: Context, id: string) => Promise<void>) {
  return (context: WithId) => handler(context, context.params['id'] ?? '');
}
