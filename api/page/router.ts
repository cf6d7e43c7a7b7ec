import { join } from 'node:path';
import { send } from '@koa/send';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { PageSettings } from '../deps.ts';
import { createRouter } from '../router.ts';
import { createPolicy } from './policy.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';

/** `GET /`, the page in a browser, of the files of a folder; and `GET /page.json`, by which it finds its way. */
export function createPageRouter({ folder, ...config }: PageSettings): Router {
  const router = createRouter();
  const policy = createPolicy(config.oidc?.issuer);
  const serve = async (context: Context, root: string, name: string, caching: string) => {
    context.set('Cache-Control', caching);
    await send(context, name, { root });
    context.status = 200;
    if (context.fresh) context.status = 304;
  };
  router.get('/', async (context) => {
    context.set('Content-Security-Policy', await policy());
    await serve(context, folder, 'index.html', 'no-cache');
  });
  // Their names change with their content.
  const assets = join(folder, 'assets');
  router.get('/assets/:file', (context) => serve(context, assets, context.params['file'] ?? '', FOR_GOOD));
  router.get('/page.json', (context) => {
    context.set('Cache-Control', 'no-cache');
    context.body = config;
  });
  return router;
}
