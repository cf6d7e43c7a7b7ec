import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { testProfile } from '../../deploy/local/profile.ts';
import { required } from '../support/environment.ts';
import { createBreakingStack } from './breaking.ts';
import type { Fault } from './fault.ts';

const CUT: Fault = { target: 'link', name: 'kube-apiserver', blow: 'cut' };
const LIMIT_MS = 90_000;

async function readiness(): Promise<number> {
  const response = await fetch(`${required('WORKER_URL')}/readyz`, { signal: AbortSignal.timeout(5_000) });
  await response.text();
  return response.status;
}

async function untilReadiness(status: number): Promise<void> {
  for (const endMs = Date.now() + LIMIT_MS; (await readiness()) !== status; await sleep(250))
    assert.ok(Date.now() < endMs, `/readyz does not come to say ${status}`);
}

test('a worker that cannot watch the cluster says that it is not ready, and that it is when it can again', async (context) => {
  const stack = await createBreakingStack(testProfile(join(import.meta.dirname, '..', '..')));
  context.after(() => stack.close());
  await untilReadiness(200);
  await stack.breakDown([CUT]);
  await untilReadiness(503);
  await stack.heal([CUT]);
  await untilReadiness(200);
});
