import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { test } from 'node:test';
import { isStoreUnavailable } from '../../../store/errors.ts';
import { createStore } from '../../../store/store.ts';
import { required } from '../../support/environment.ts';
import { aJob } from '../../support/job-builder.ts';

test('a store opens while MongoDB is away, says so at each call, and works when it is back', async (context) => {
  const { hostname, port } = new URL(required('MONGODB_URI'));
  const gate = createServer((socket) => {
    const server = connect(Number(port), hostname);
    socket.on('error', () => server.destroy()).pipe(server);
    server.on('error', () => socket.destroy()).pipe(socket);
  });
  const gatePort = await freePort(gate);
  const job = aJob();
  const store = await createStore({
    uri: `mongodb://127.0.0.1:${gatePort}`,
    database: `test_${job.id.slice(0, 8)}`,
  });
  context.after(async () => {
    gate.close();
    await store.close();
  });
  await assert.rejects(store.find(job.id), isStoreUnavailable);
  await assert.rejects(store.record(job), isStoreUnavailable);
  await once(gate.listen(gatePort, '127.0.0.1'), 'listening');
  assert.equal(await store.record(job), 'written');
  assert.deepEqual(await store.find(job.name), job);
});

async function freePort(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
