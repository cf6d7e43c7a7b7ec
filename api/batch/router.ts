import type Router from '@koa/router';
import type { Context, Middleware, Next } from 'koa';
import { ANYBODY, identify, requireScope } from '../auth/principal.ts';
import { getCounts } from '../counts.ts';
import type { ApiDeps } from '../deps.ts';
import { limitFailures, limitOwners } from '../limits.ts';
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
  router.use(keepFromCaches, ...knowing(deps));
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
  router.get('/counts', keepFromCaches, ...knowing(deps), requireScope('read'), getCounts(deps));
  return router;
}

/** Who asks, and whether he has asked for too much. Where nobody is asked nobody can be told from others. */
function knowing({ authenticate, settings }: ApiDeps): readonly Middleware[] {
  if (authenticate === undefined) return [identify(() => Promise.resolve(ANYBODY))];
  return [identify(limitFailures(authenticate, settings.limits)), limitOwners(settings.limits)];
}

/** Answers are for one caller, and true for a moment. */
async function keepFromCaches(context: Context, next: Next): Promise<void> {
  context.set('Cache-Control', 'no-store');
  await next();
}

type WithId = Context & { readonly params: Readonly<Record<string, string>> };

function withId(handler: (context: Context, id: string) => Promise<void>) {
  return (context: WithId) => handler(context, context.params['id'] ?? '');
}
