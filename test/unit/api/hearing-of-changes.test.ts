import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createListener } from '../../../api/listening.ts';
import { createAnnouncer } from '../../../worker/announcer.ts';
import { createRegistry } from '../../../worker/metrics.ts';
import { createWorkerServer } from '../../../worker/server.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';

const CHECKS = { temporal: 'running', watcher: 'ok' };

const soon = (isSo: () => boolean) => becomesTrue(() => Promise.resolve(isSo()), 5_000);

/** The server of a worker; `beatMs` between two signs of life. */
async function startWorker(context: TestContext, port = 0, beatMs = 20) {
  const announcer = createAnnouncer(beatMs);
  const server = createWorkerServer(
    () => ({ isAlive: true, isReady: true, checks: CHECKS }),
    createRegistry(),
    announcer,
  );
  await once(server.listen(port, '127.0.0.1'), 'listening');
  context.after(() => stop(server));
  return { ...announcer, server, port: (server.address() as AddressInfo).port };
}

function stop(server: Server): void {
  server.closeAllConnections();
  server.close();
}

function listenAt(context: TestContext, port: number, silenceMs = 1_000) {
  const changed: string[] = [];
  const leave = new AbortController();
  const url = `http://localhost:${port}`;
  const listener = createListener({ url, onChange: (id) => changed.push(id), lookupMs: 20, silenceMs });
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
  stop(worker.server);
  assert.ok(await hears(false));
  const next = await startWorker(context, worker.port);
  assert.ok(await hears(true));
  next.announce('c');
  assert.ok(await soon(() => changed.includes('c')));
});

test('a worker that says nothing for too long is not heard', async (context) => {
  const worker = await startWorker(context, 0, 60_000);
  const { hears } = listenAt(context, worker.port, 200);
  assert.ok(await hears(true));
  assert.ok(await hears(false));
});

test('whoever answers, but not as a worker does, is not heard', async (context) => {
  const server = createServer((_, response) => response.writeHead(404).end('\n'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => stop(server));
  const { hears } = listenAt(context, (server.address() as AddressInfo).port);
  await sleep(200);
  assert.ok(await hears(false));
});

test('a host without a name has nobody who could be heard', async (context) => {
  const leave = new AbortController();
  context.after(() => leave.abort());
  const listener = createListener({ url: 'http://workers.invalid:4899', onChange: () => {} });
  void listener.run(leave.signal);
  await sleep(100);
  assert.equal(listener.hearsAll(), false);
});

test('a listener that does not read is let go', async (context) => {
  const worker = await startWorker(context);
  const response = await fetch(`http://127.0.0.1:${worker.port}/changes`);
  await response.body?.getReader().read();
  const line = 'x'.repeat(1_000_000);
  const connections = () =>
    new Promise<number>((resolve) => worker.server.getConnections((_, count) => resolve(count)));
  assert.equal(await connections(), 1);
  assert.ok(await becomesTrue(async () => (worker.announce(line), (await connections()) === 0), 10_000));
});
