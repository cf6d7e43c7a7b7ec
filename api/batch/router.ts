import type Router from '@koa/router';
import type { Context } from 'koa';
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
  router.get('/', listBatchJobs(deps));
  router.post('/', createBatchJob(deps));
  router.get('/:id', withId(getBatchJob(deps)));
  router.delete('/:id', withId(deleteBatchJob(deps)));
  router.get('/:id/events', withId(getBatchJobEvents(deps)));
  router.get('/:id/logs', withId(getBatchJobLogs(deps)));
  router.get('/:id/output', withId(getBatchJobOutput(deps)));
  return router;
}

type WithId = Context & { readonly params: Readonly<Record<string, string>> };

function withId(handler: (context: Context, id: string) => Promise<void>) {
  return (context: WithId) => handler(context, context.params['id'] ?? '');
}
