/** By which names the API may be called where nobody is asked who he is. */
import { isIPv4 } from 'node:net';
import type { Context, Middleware, Next } from 'koa';
import { forbiddenName } from './errors.ts';

/** What stands in the header `Host`: a name or an address, and perhaps a port (RFC 9110, 7.2). */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Refuses requests under other names than those of this machine and `names`. A page whose own name is made to mean this machine
 * (DNS rebinding) is of the same origin as the API for a browser, so that only the name gives it away.
 */
export function refuseOtherHosts(names: readonly string[]): Middleware {
  const answersTo = createHostCheck(names);
  return async (context: Context, next: Next) => {
    // Not Koa's `host`: behind a proxy that takes what the page says in X-Forwarded-Host.
    if (!answersTo(context.req.headers.host)) throw forbiddenName();
    await next();
  };
}

/** True for a `Host` that is a loopback name or one of `names`, with any port. */
export function createHostCheck(names: readonly string[]): (host: string | undefined) => boolean {
  const own = new Set(names.map((name) => hostnameOf(name.includes(':') ? `[${name}]` : name)));
  return (host) => {
    const hostname = hostnameOf(host);
    return hostname !== undefined && (isLoopback(hostname) || own.has(hostname));
  };
}

/** In the form that URLs have: lower case, and addresses in their shortest. */
function hostnameOf(host: string | undefined): string | undefined {
  if (host === undefined || !HOST.test(host)) return undefined;
  return URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '');
}

/** RFC 6761 keeps `localhost`, and all below it, for this machine. */
function isLoopback(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith('127.');
  return hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost');
}
