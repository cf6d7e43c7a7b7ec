/** What the page of Temporal's Web UI may ask of the API from its own origin: the codec server, and nothing else. */
import cors from '@koa/cors';
import type { Context, Middleware, Next } from 'koa';

/** Headers that the Web UI sends, if its operator has it send the token of who is signed in. */
const HEADERS = ['Content-Type', 'X-Namespace', 'Authorization', 'Authorization-Extras'];
const PREFLIGHT_SECONDS = 600;

/** True for what the Web UI at `origin` asks of the codec server. @param origin of the Web UI; nothing is allowed without one */
export function isFromWebUi({ path, headers }: Pick<Context, 'path' | 'headers'>, origin: string | undefined): boolean {
  return origin !== undefined && headers.origin === origin && path.startsWith('/codec/');
}

/** Lets a browser show the answers of the codec server to the page of the Web UI at `origin`. */
export function allowWebUi(origin: string): Middleware {
  const answer = cors({
    origin,
    allowMethods: ['POST'],
    allowHeaders: HEADERS,
    credentials: true,
    maxAge: PREFLIGHT_SECONDS,
  });
  return async (context: Context, next: Next) => {
    await (isFromWebUi(context, origin) ? answer(context, next) : next());
  };
}
