import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import { createAnnouncer } from '../../../worker/announcer.ts';
import { createRegistry } from '../../../worker/metrics.ts';
import { createWorkerServer } from '../../../worker/server.ts';
import { startApiProcess } from '../../support/api-process.ts';

const HEALTH = { isAlive: true, isReady: true, checks: { temporal: 'running', watcher: 'ok' } };
/** Nothing is under way that it would wait for. */
const SOON_MS = 8_000;

test('an API that is asked to end does, although it listens to a worker', async (context) => {
  const worker = createWorkerServer(() => HEALTH, createRegistry(), createAnnouncer());
  await once(worker.listen(0, '127.0.0.1'), 'listening');
  context.after(() => {
    worker.closeAllConnections();
    worker.close();
  });
  const heard = once(worker, 'request');
  const { pid } = await startApiProcess(context, {
    WORKER_URL: `http://127.0.0.1:${(worker.address() as AddressInfo).port}`,
  });
  await heard;
  process.kill(pid, 'SIGTERM');
  assert.ok(await becomesTrue(() => Promise.resolve(!existsSync(`/proc/${pid}/cwd`)), SOON_MS));
});
