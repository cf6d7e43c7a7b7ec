import { send } from '@koa/send';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { doesNotExist } from '../errors.ts';
import { createRouter } from '../router.ts';
import { folderOf } from './assets.ts';

/** Scripts and styles come from us alone, and nothing may frame the page. Pictures in the styles are data. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * `GET /openapi.json`, and `GET /docs`: a page to read it and to try the calls.
 * @param isGuarded whether callers are asked who they are
 */
export function createDocsRouter(isGuarded: boolean): Router {
  const router = createRouter();
  let document: Promise<string> | undefined;
  router.get('/openapi.json', async (context) => {
    context.type = 'application/json';
    context.body = await (document ??= writeDocument(isGuarded));
  });
  router.get('/docs', (context) => sendFile(context, import.meta.dirname, 'page.html'));
  router.get('/docs/:asset', async (context) => {
    const asset = context.params['asset'] ?? '';
    const folder = folderOf(asset);
    if (folder === undefined) throw doesNotExist('There is nothing at this address.');
    await sendFile(context, folder, asset);
  });
  return router;
}

/** Made when it is first asked for: the start of the API does not wait for it. */
async function writeDocument(isGuarded: boolean): Promise<string> {
  const { createOpenApiDocument } = await import('../openapi/document.ts');
  return JSON.stringify(createOpenApiDocument(isGuarded));
}

async function sendFile(context: Context, root: string, name: string): Promise<void> {
  context.set({ 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-cache' });
  await send(context, name, { root });
  // A browser that has this version already is told so.
  context.status = 200;
  if (context.fresh) context.status = 304;
}
