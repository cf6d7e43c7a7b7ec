import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter } from 'prom-client';
import { createRegistry } from '../../../metrics.ts';
import { startWorkerServer, WORKER_TOKEN } from '../../support/worker-server.ts';

async function statusesAt(url: string): Promise<number[]> {
  const answers = await Promise.all(['/livez', '/readyz'].map((path) => fetch(`${url}${path}`)));
  return answers.map(({ status }) => status);
}

test('a worker that is well says so', async (context) => {
  assert.deepEqual(await statusesAt((await startWorkerServer(context)).url), [200, 200]);
});

test('a worker that is not ready lives, and says why it is not', async (context) => {
  const { url } = await startWorkerServer(context, {
    health: { isReady: false, checks: { temporal: 'connecting', watcher: 'ok' } },
  });
  assert.deepEqual(await statusesAt(url), [200, 503]);
  assert.deepEqual(await (await fetch(`${url}/readyz`)).json(), { temporal: 'connecting', watcher: 'ok' });
});

test('a worker that only a new process can help does not live', async (context) => {
  assert.deepEqual(
    await statusesAt((await startWorkerServer(context, { health: { isAlive: false, isReady: false } })).url),
    [503, 503],
  );
});

test('metrics are told as Prometheus reads them, those of the process and what others have registered', async (context) => {
  const registry = createRegistry();
  new Counter({ name: 'kubernetes_task_runner_apples_total', help: 'Apples.', registers: [registry] }).inc(3);
  const { url } = await startWorkerServer(context, { registry });
  const response = await fetch(`${url}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.match(text, /^kubernetes_task_runner_apples_total 3$/m);
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
});

test('other paths are not there, and other methods are refused', async (context) => {
  const { url } = await startWorkerServer(context);
  assert.equal((await fetch(`${url}/`)).status, 404);
  const { status, headers } = await fetch(`${url}/livez`, { method: 'POST' });
  assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD']);
});

test('whoever asks by HEAD for what changes is answered, and hears nothing more', async (context) => {
  const { url } = await startWorkerServer(context);
  const headers = { authorization: `Bearer ${WORKER_TOKEN}` };
  const { status } = await fetch(`${url}/changes`, { method: 'HEAD', headers, signal: AbortSignal.timeout(2_000) });
  assert.equal(status, 200);
});
