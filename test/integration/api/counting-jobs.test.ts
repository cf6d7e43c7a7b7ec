import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Koa from 'koa';
import type { Context } from 'koa';
import { ANYBODY, identify } from '../../../api/auth/principal.ts';
import { getCounts } from '../../../api/counts.ts';
import { startApi } from '../../support/api-server.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 12, 30);
const HOUR_MS = 3_600_000;

interface Counts {
  readonly from: number;
  readonly step_seconds: number;
  readonly counts: readonly Readonly<Record<string, number>>[];
}

test('jobs are counted by the hour in which they were created and by what has become of them', async (context) => {
  const api = await startApi(context, { now: () => NOW_MS });
  for (const created of [NOW_MS - 60_000, NOW_MS, NOW_MS - 2 * HOUR_MS])
    await api.store.record(aSucceededJob({ created }));
  await api.store.record(aJob({ created: NOW_MS, status: 'running' }));
  await api.store.record(aJob({ created: NOW_MS - 25 * HOUR_MS }));
  const { from, step_seconds, counts } = (await api.call('GET', '/counts')).data as Counts;
  assert.deepEqual([from, step_seconds, counts.length], [Date.UTC(2026, 4, 31, 13), 3600, 24]);
  assert.deepEqual(counts.at(-1), { created: 0, running: 1, cleaning: 0, succeeded: 2, failed: 0, killed: 0 });
  assert.equal(counts.at(-3)?.['succeeded'], 1);
  const all = counts.flatMap((hour) => Object.values(hour)).reduce((sum, amount) => sum + amount, 0);
  assert.equal(all, 4);
});

test('nobody counts the jobs of another owner', async (context) => {
  const api = await startGuardedApi(context, { now: () => NOW_MS });
  await api.store.record(aJob({ created: NOW_MS, owner: 'ann' }));
  await api.store.record(aJob({ created: NOW_MS, owner: 'bob' }));
  const countFor = async (client: Awaited<ReturnType<typeof api.as>>) =>
    ((await client.call('GET', '/counts?hours=1')).data as Counts).counts.at(-1)?.['created'];
  assert.deepEqual(
    [await countFor(await api.as('ann', 'read')), await countFor(await api.as('root', 'read', 'admin'))],
    [1, 2],
  );
});

test('hours that are none are refused', async (context) => {
  const api = await startApi(context);
  for (const hours of ['0', '721', 'day']) assert.equal((await api.call('GET', `/counts?hours=${hours}`)).status, 400);
});

test('numbers grow old, however often they are asked for meanwhile', async (context) => {
  const api = await startApi(context);
  let counted = 0;
  const count: typeof api.store.count = (spans) => ((counted += 1), api.store.count(spans));
  const url = await listen(context, getCounts({ store: { ...api.store, count } }, 300));
  for (const endMs = Date.now() + 1000; Date.now() < endMs; await delay(50)) await fetch(url);
  assert.ok(counted >= 3 && counted <= 5, `counted ${counted} times`);
});

/** Answers every request by one handler, as anybody. */
async function listen(context: TestContext, handle: (context: Context) => Promise<void>): Promise<string> {
  const app = new Koa();
  app.use(identify(() => Promise.resolve(ANYBODY)));
  app.use(handle);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
