import Koa from 'koa';
import { createBatchRouter } from './batch/router.ts';
import type { ApiDeps } from './deps.ts';
import { createHealthRouter } from './health.ts';
import { envelopeErrors, logRequests, refuseCrossSite } from './middleware.ts';

/** The HTTP API. It holds no state of its own, so that any number of processes may run it. */
export function createApp(deps: ApiDeps): Koa {
  const app = new Koa();
  app.use(logRequests(deps.logger));
  app.use(envelopeErrors(deps.logger));
  app.use(refuseCrossSite());
  for (const router of [createHealthRouter(deps), createBatchRouter(deps)]) {
    app.use(router.routes());
    app.use(router.allowedMethods());
  }
  app.on('error', (error: unknown) => {
    deps.logger.warn({ err: error }, 'answer was cut short');
  });
  return app;
}
