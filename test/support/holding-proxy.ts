import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { required } from './environment.ts';

/** A way to the storage server on which copies within a bucket stand still until they are let go. */
export interface HoldingProxy {
  /** Address to use in place of the server's; pods reach it, too. */
  readonly endpoint: string;
  /** Resolves when so many copies are held. */
  untilHeld(count: number): Promise<void>;
  /** Lets go of those that are held, and of all that come. */
  letGo(): void;
}

/** Opens it until the test ends. */
export async function createHoldingProxy(context: TestContext): Promise<HoldingProxy> {
  const gate = Promise.withResolvers<void>();
  let held = 0;
  const server = createServer((incoming, outgoing) => {
    if (!isCopy(incoming)) return forward(incoming, outgoing);
    held += 1;
    void gate.promise.then(() => forward(incoming, outgoing));
  });
  const { hostname } = new URL(required('GC_API_ENDPOINT'));
  server.listen(0, hostname);
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    endpoint: `http://${hostname}:${(server.address() as AddressInfo).port}`,
    untilHeld: async (count) => {
      while (held < count) await delay(50, undefined, { signal: context.signal });
    },
    letGo: gate.resolve,
  };
}

function isCopy({ url = '' }: IncomingMessage): boolean {
  return url.includes('/rewriteTo/');
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url } = incoming;
  const target = required('GC_API_ENDPOINT');
  // Signed URLs are for a server that goes by its own name.
  const headers = { ...incoming.headers, host: new URL(target).host };
  const upstream = request(`${target}${url}`, { method, headers }, (answer) => {
    answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
  });
  upstream.on('error', () => outgoing.destroy());
  incoming.pipe(upstream);
}
