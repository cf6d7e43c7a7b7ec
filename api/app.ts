import type Router from '@koa/router';
import Koa from 'koa';
import { createBatchRouter } from './batch/router.ts';
import type { ApiDeps } from './deps.ts';
import { createDocsRouter } from './docs/router.ts';
import { createHealthRouter } from './health.ts';
import { envelopeErrors, logRequests, refuseCrossSite } from './middleware.ts';

/** Every route that there is. */
export function createRouters(deps: ApiDeps): readonly Router[] {
  return [createHealthRouter(deps), createBatchRouter(deps), createDocsRouter(deps.authenticate !== undefined)];
}

/** The HTTP API. It holds no state of its own, so that any number of processes may run it. */
export function createApp(deps: ApiDeps): Koa {
  const app = new Koa();
  app.use(logRequests(deps.logger));
  app.use(envelopeErrors(deps.logger));
  app.use(refuseCrossSite());
  for (const router of createRouters(deps)) {
    app.use(router.routes());
    app.use(router.allowedMethods());
  }
  app.on('error', (error: unknown) => {
    deps.logger.warn({ err: error }, 'answer was cut short');
  });
  return app;
}
