import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import { startApiProcess } from '../../support/api-process.ts';
import { startWorkerServer, WORKER_TOKEN } from '../../support/worker-server.ts';

/** Nothing is under way that it would wait for. */
const SOON_MS = 8_000;

test('an API that is asked to end does, although it listens to a worker', async (context) => {
  const { server, url } = await startWorkerServer(context);
  const heard = once(server, 'request');
  const { pid } = await startApiProcess(context, { WORKER_URL: url, WORKER_TOKEN });
  await heard;
  process.kill(pid, 'SIGTERM');
  assert.ok(await becomesTrue(() => Promise.resolve(!existsSync(`/proc/${pid}/cwd`)), SOON_MS));
});
