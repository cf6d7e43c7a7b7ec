import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Counter } from 'prom-client';
import { createAnnouncer } from '../../../worker/announcer.ts';
import type { Health } from '../../../worker/health.ts';
import { createRegistry } from '../../../worker/metrics.ts';
import { createWorkerServer, listen } from '../../../worker/server.ts';

const WELL: Health = { isAlive: true, isReady: true, checks: { temporal: 'running', watcher: 'ok' } };

/** Listens until the test ends; what is not said is well. */
async function start(context: TestContext, more: Partial<Health> = {}, registry = createRegistry()): Promise<string> {
  const server = createWorkerServer(() => ({ ...WELL, ...more }), registry, createAnnouncer());
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return await listen(server, '127.0.0.1', 0);
}

async function statusesAt(url: string): Promise<number[]> {
  const answers = await Promise.all(['/livez', '/readyz'].map((path) => fetch(`${url}${path}`)));
  return answers.map(({ status }) => status);
}

test('a worker that is well says so', async (context) => {
  assert.deepEqual(await statusesAt(await start(context)), [200, 200]);
});

test('a worker that is not ready lives, and says why it is not', async (context) => {
  const url = await start(context, { isReady: false, checks: { temporal: 'connecting', watcher: 'ok' } });
  assert.deepEqual(await statusesAt(url), [200, 503]);
  assert.deepEqual(await (await fetch(`${url}/readyz`)).json(), { temporal: 'connecting', watcher: 'ok' });
});

test('a worker that only a new process can help does not live', async (context) => {
  assert.deepEqual(await statusesAt(await start(context, { isAlive: false, isReady: false })), [503, 503]);
});

test('metrics are told as Prometheus reads them, those of the process and what others have registered', async (context) => {
  const registry = createRegistry();
  new Counter({ name: 'kubernetes_task_runner_apples_total', help: 'Apples.', registers: [registry] }).inc(3);
  const response = await fetch(`${await start(context, {}, registry)}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.match(text, /^kubernetes_task_runner_apples_total 3$/m);
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
});

test('other paths are not there, and other methods are refused', async (context) => {
  const url = await start(context);
  assert.equal((await fetch(`${url}/`)).status, 404);
  const { status, headers } = await fetch(`${url}/livez`, { method: 'POST' });
  assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD']);
});
