import { join } from 'node:path';
import { send } from '@koa/send';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { PageSettings } from '../deps.ts';
import { createRouter } from '../router.ts';

/** `GET /`, the page in a browser, of the files of a folder; and `GET /page.json`, by which it finds its way. */
export function createPageRouter({ folder, ...config }: PageSettings): Router {
  const router = createRouter();
  const policy = policyOf(config.oidc?.issuer);
  router.get('/', (context) => sendFile(context, folder, 'index.html', policy, 'no-cache'));
  // Their names change with their content.
  router.get('/assets/:file', (context) =>
    sendFile(
      context,
      join(folder, 'assets'),
      context.params['file'] ?? '',
      policy,
      'public, max-age=31536000, immutable',
    ),
  );
  router.get('/page.json', (context) => {
    context.set('Cache-Control', 'no-cache');
    context.body = config;
  });
  return router;
}

/** Scripts, styles and answers come from us alone, but for the provider that somebody signs in at; nothing may frame the page. */
function policyOf(issuer: string | undefined): string {
  const connect = ["'self'", ...(issuer === undefined ? [] : [new URL(issuer).origin])].join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function sendFile(context: Context, root: string, name: string, policy: string, caching: string): Promise<void> {
  context.set({ 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': caching });
  await send(context, name, { root });
  context.status = 200;
  if (context.fresh) context.status = 304;
}
