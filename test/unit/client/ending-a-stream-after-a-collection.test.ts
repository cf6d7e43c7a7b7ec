import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createClient } from '../../../client/client.ts';
import type { JobClient } from '../../../client/client.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

/** A client of a service whose answers begin, and never end. */
async function clientOfEndless(context: TestContext, begin: (response: ServerResponse) => void): Promise<JobClient> {
  const server = createServer((_request, response) => begin(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const STREAMS = {
  followLog: (client: JobClient, signal: AbortSignal) => client.followLog('a', { signal }),
  watch: (client: JobClient, signal: AbortSignal) => client.watch('a', { signal }),
  output: (client: JobClient, signal: AbortSignal) => client.output('a', { signal }),
};

for (const [name, open] of Object.entries(STREAMS)) {
  test(`a signal ends ${name} when its request has been collected as garbage`, { timeout: 20_000 }, async (context) => {
    const begin = (response: ServerResponse) =>
      response.write('id: 1\nevent: job\ndata: {"id":"a","status":"running","phase":"running"}\n\n');
    const client = await clientOfEndless(context, begin);
    const [leaving, left] = [new AbortController(), new Error('left')];
    const stream = open(client, leaving.signal);
    await stream.next();
    const next = stream.next();
    await collectGarbage();
    leaving.abort(left);
    await assert.rejects(next, (error) => error === left);
  });
}

test('a signal ends a call that has no answer yet', { timeout: 20_000 }, async (context) => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const client = await clientOfEndless(context, arrived.resolve);
  const [leaving, left] = [new AbortController(), new Error('left')];
  const killing = client.kill('a', { signal: leaving.signal });
  await arrived.promise;
  await collectGarbage();
  leaving.abort(left);
  await assert.rejects(killing, (error) => error === left);
});

test('a signal ends a call whose answer has begun', { timeout: 20_000 }, async (context) => {
  const begun = Promise.withResolvers<void>();
  const client = await clientOfEndless(context, (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":', () => begun.resolve()),
  );
  const [leaving, left] = [new AbortController(), new Error('left')];
  const asking = client.get('a', { signal: leaving.signal });
  await begun.promise;
  await collectGarbage();
  leaving.abort(left);
  await assert.rejects(asking, (error) => error === left);
});
