import type Router from '@koa/router';
import Koa from 'koa';
import helmet from 'koa-helmet';
import { createBatchRouter, createCountsRouter } from './batch/router.ts';
import { createCodecRouter } from './codec.ts';
import type { ApiDeps } from './deps.ts';
import { createDocsRouter } from './docs/router.ts';
import { createHealthRouter } from './health.ts';
import { refuseOtherHosts } from './hosts.ts';
import { createPageRouter } from './page/router.ts';
import { measureRequests } from './metrics.ts';
import { envelopeErrors, logCutAnswers, logRequests, refuseCrossSite } from './middleware.ts';
import { allowWebUi } from './web-ui.ts';

/**
 * What an answer is not to be taken for by a browser; the page of the document has a policy of its own. Whether a host is reached by TLS
 * alone is up to who ends TLS.
 */
const HELMET_OPTIONS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
} as const;

/** Every route that there is; those of the probes come first. */
export function createRouters(deps: ApiDeps): readonly [Router, ...Router[]] {
  return [
    createHealthRouter(deps),
    createBatchRouter(deps),
    createCountsRouter(deps),
    createCodecRouter(deps),
    createDocsRouter(deps.authenticate !== undefined),
    ...(deps.page === undefined ? [] : [createPageRouter(deps.page)]),
  ];
}

/** The HTTP API. It holds no state of its own, so that any number of processes may run it. */
export function createApp(deps: ApiDeps): Koa {
  const { trustedProxies } = deps.settings;
  const app = new Koa({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  if (deps.registry) app.use(measureRequests(deps.registry));
  app.use(logRequests(deps.logger));
  app.use(helmet(HELMET_OPTIONS));
  app.use(envelopeErrors(deps.logger));
  if (deps.webUiOrigin !== undefined) app.use(allowWebUi(deps.webUiOrigin));
  app.use(refuseCrossSite(deps.webUiOrigin));
  const [health, ...others] = createRouters(deps);
  // Probes call a pod by its address.
  route(app, health);
  // A page of another site has nobody's credential.
  if (deps.authenticate === undefined) app.use(refuseOtherHosts(deps.settings.allowedHosts));
  for (const router of others) route(app, router);
  app.on('error', logCutAnswers(deps.logger));
  return app;
}

function route(app: Koa, router: Router): void {
  app.use(router.routes());
  app.use(router.allowedMethods());
}
