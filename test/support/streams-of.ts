import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import type { RequestContext } from '@kubernetes/client-node';
import { Agent } from 'undici';
import { createOpenStream } from '../../cluster/stream.ts';
import type { OpenStream } from '../../cluster/stream.ts';

/** What the connections below allow a body to be silent for, where nobody says otherwise. */
export const PATIENCE_MS = 200;

class ImpatientKubeConfig extends KubeConfig {
  readonly #agent = new Agent({ bodyTimeout: PATIENCE_MS });

  override applySecurityAuthentication(context: RequestContext): Promise<void> {
    context.setDispatcher(this.#agent);
    return Promise.resolve();
  }
}

/** Streams of a server on loopback that answers so, until the test ends. */
export async function streamsOf(context: TestContext, answer: RequestListener): Promise<OpenStream> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  context.after(() => (server.closeAllConnections(), server.close()));
  const kubeConfig = new ImpatientKubeConfig();
  const name = 'cluster';
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  kubeConfig.loadFromClusterAndUser({ name, server: url, skipTLSVerify: true }, { name: 'user' });
  return createOpenStream(kubeConfig);
}
