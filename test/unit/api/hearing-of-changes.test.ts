import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createListener } from '../../../api/listening.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import { startWorkerServer, WORKER_TOKEN } from '../../support/worker-server.ts';
import type { WorkerServerOptions } from '../../support/worker-server.ts';

const soon = (isSo: () => boolean) => becomesTrue(() => Promise.resolve(isSo()), 5_000);

/** A worker that says something all the time. */
const startWorker = (context: TestContext, more: WorkerServerOptions = {}) =>
  startWorkerServer(context, { heartbeatMs: 20, ...more });

function listenAt(context: TestContext, port: number, token = WORKER_TOKEN) {
  const changed: string[] = [];
  const leave = new AbortController();
  const url = `http://localhost:${port}`;
  const listener = createListener({
    url,
    token,
    onChange: (id) => changed.push(id),
    lookupMs: 20,
    silenceMs: 1_000,
  });
  context.after(() => leave.abort());
  void listener.run(leave.signal);
  return { changed, hears: (isSo: boolean) => soon(() => listener.hearsAll() === isSo) };
}

test('what a worker announces is heard, in its order, and a sign of life is no change', async (context) => {
  const worker = await startWorker(context);
  const { changed, hears } = listenAt(context, worker.port);
  assert.ok(await hears(true));
  for (const id of ['a', 'b', 'a']) worker.announce(id);
  assert.ok(await soon(() => changed.length === 3));
  assert.deepEqual(changed, ['a', 'b', 'a']);
});

test('a worker that is gone is known to be gone, and another one at its place is heard', async (context) => {
  const worker = await startWorker(context);
  const { changed, hears } = listenAt(context, worker.port);
  assert.ok(await hears(true));
  worker.stop();
  assert.ok(await hears(false));
  const next = await startWorker(context, { port: worker.port });
  assert.ok(await hears(true));
  next.announce('c');
  assert.ok(await soon(() => changed.includes('c')));
});

test('a worker tells nothing to a listener without its token', async (context) => {
  const worker = await startWorker(context);
  const { changed, hears } = listenAt(context, worker.port, WORKER_TOKEN.replace('a', 'b'));
  await sleep(100);
  worker.announce('a');
  await sleep(100);
  assert.ok(await hears(false));
  assert.deepEqual(changed, []);
});

test('a worker that says nothing for too long is not heard', async (context) => {
  const worker = await startWorker(context, { heartbeatMs: 60_000 });
  const { hears } = listenAt(context, worker.port);
  assert.ok(await hears(true));
  // What is open stays open; who has let go is not heard again.
  worker.server.close();
  assert.ok(await hears(false));
});

test('whoever answers, but not as a worker does, is not heard', async (context) => {
  const server = createServer((_, response) => response.writeHead(404).end('\n'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { hears } = listenAt(context, (server.address() as AddressInfo).port);
  await sleep(200);
  assert.ok(await hears(false));
});

test('a host without a name has nobody who could be heard', async (context) => {
  const leave = new AbortController();
  context.after(() => leave.abort());
  const listener = createListener({ url: 'http://workers.invalid:4899', token: WORKER_TOKEN, onChange: () => {} });
  void listener.run(leave.signal);
  await sleep(100);
  assert.equal(listener.hearsAll(), false);
});

test('a listener that does not read is let go', async (context) => {
  const worker = await startWorker(context);
  const response = await fetch(`${worker.url}/changes`, { headers: { authorization: `Bearer ${WORKER_TOKEN}` } });
  await response.body?.getReader().read();
  const line = 'x'.repeat(1_000_000);
  const connections = () =>
    new Promise<number>((resolve) => worker.server.getConnections((_, count) => resolve(count)));
  assert.equal(await connections(), 1);
  assert.ok(await becomesTrue(async () => (worker.announce(line), (await connections()) === 0), 10_000));
});
