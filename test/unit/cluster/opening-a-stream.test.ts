import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ApiException, KubeConfig } from '@kubernetes/client-node';
import type { RequestContext } from '@kubernetes/client-node';
import { Agent } from 'undici';
import { createOpenStream } from '../../../cluster/stream.ts';
import type { OpenStream } from '../../../cluster/stream.ts';

/** What the connections below allow a body to be silent for, where nobody says otherwise. */
const PATIENCE_MS = 200;

class ImpatientKubeConfig extends KubeConfig {
  readonly #agent = new Agent({ bodyTimeout: PATIENCE_MS });

  override applySecurityAuthentication(context: RequestContext): Promise<void> {
    context.setDispatcher(this.#agent);
    return Promise.resolve();
  }
}

async function streamsOf(context: TestContext, answer: RequestListener): Promise<OpenStream> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  context.after(() => (server.closeAllConnections(), server.close()));
  const kubeConfig = new ImpatientKubeConfig();
  const name = 'cluster';
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  kubeConfig.loadFromClusterAndUser({ name, server: url, skipTLSVerify: true }, { name: 'user' });
  return createOpenStream(kubeConfig);
}

test('a log that is followed and silent for long stays open', async (context) => {
  const openStream = await streamsOf(context, (_request, response) => {
    response.write('one ');
    // Timers of connections are only looked at from time to time.
    setTimeout(() => response.end('two'), PATIENCE_MS + 2_000);
  });
  const stream = await openStream('/log', { follow: 'true' });
  const chunks = await stream.toArray();
  assert.equal(Buffer.concat(chunks as Buffer[]).toString(), 'one two');
});

test('an answer that is not 200 is thrown with its code and body', async (context) => {
  const openStream = await streamsOf(context, (_request, response) => {
    response.writeHead(404).end('{"message":"no such pod"}');
  });
  await assert.rejects(
    openStream('/log', {}),
    (error) => error instanceof ApiException && error.code === 404 && error.body === '{"message":"no such pod"}',
  );
});

test('a stream that breaks while nobody reads it is told to whoever reads it then', async (context) => {
  const openStream = await streamsOf(context, (_request, response) => {
    response.write('one');
    setTimeout(() => response.destroy(), 50);
  });
  const stream = await openStream('/log', {});
  await sleep(200);
  await assert.rejects(stream.toArray());
});
