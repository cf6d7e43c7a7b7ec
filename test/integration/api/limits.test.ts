import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { newKey } from '../../../api/auth/key.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import type { Client } from '../../support/guarded-api.ts';
import { aJob } from '../../support/job-builder.ts';
import { startApi } from '../../support/api-server.ts';

const NONE = { requestsPerSecond: 1_000_000, concurrentRequests: 1_000_000, failuresPerMinute: 1_000_000 };
const startLimited = (context: TestContext, limits: Partial<typeof NONE>, trustedProxies = 0) =>
  startGuardedApi(context, { settings: { limits: { ...NONE, ...limits }, trustedProxies } });
const list = async (client: Client) => (await client.call('GET', '/batch/')).status;

test('an owner who sends too much is told when to come back, by whichever key; another owner is not', async (context) => {
  const api = await startLimited(context, { requestsPerSecond: 1 });
  const [alice, again, bob] = [
    await api.as('alice', 'read'),
    await api.as('alice', 'read'),
    await api.as('bob', 'read'),
  ];
  for (let i = 0; i < 5; i++) assert.deepEqual([await list(alice), await list(again)], [200, 200]);
  for (const client of [alice, again]) {
    const { status, error, headers } = await client.call('GET', '/batch/');
    assert.deepEqual([status, error], [429, 'TooManyRequests']);
    const seconds = Number(headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 10, String(seconds));
  }
  assert.equal(await list(bob), 200);
});

test('an owner has so many requests at one time, streams among them, until they are over', async (context) => {
  const api = await startLimited(context, { concurrentRequests: 2 });
  const [alice, bob] = [await api.as('alice', 'read'), await api.as('bob', 'read')];
  const job = aJob({ owner: 'alice' });
  await api.store.record(job);
  const request = new AbortController();
  const open = () => fetch(`${api.url}/batch/${job.id}/events`, { headers: alice.headers, signal: request.signal });
  const streams = [await open(), await open()];
  assert.deepEqual(
    streams.map(({ status }) => status),
    [200, 200],
  );
  const { status, headers } = await alice.call('GET', '/batch/');
  assert.deepEqual([status, headers.get('retry-after')], [429, '1']);
  assert.equal(await list(bob), 200);
  request.abort();
  await untilListed(alice);
});

async function untilListed(client: Client): Promise<void> {
  const deadlineMs = Date.now() + 5_000;
  while ((await list(client)) !== 200) assert.ok(Date.now() < deadlineMs, 'its place is free again');
}

test('an address that guesses is refused before its guesses are looked up, and who was good there goes on', async (context) => {
  const api = await startLimited(context, { failuresPerMinute: 3 });
  const [alice, late] = [await api.as('alice', 'read'), await api.as('late', 'read')];
  assert.equal(await list(alice), 200);
  const guess = async () => {
    const authorization = `Bearer ${late.text.slice(0, -1)}${late.text.endsWith('A') ? 'B' : 'A'}`;
    return (await api.call('GET', '/batch/', undefined, { authorization })).status;
  };
  assert.deepEqual([await guess(), await guess(), await guess(), await guess()], [401, 401, 401, 429]);
  assert.deepEqual([await list(late), await list(alice)], [429, 200]);
  assert.equal((await api.call('GET', '/livez')).status, 200);
});

test('X-Forwarded-For is believed of as many proxies as there are, and of no other', async (context) => {
  const authorization = `Bearer ${newKey().text}`;
  for (const [proxies, expected] of [
    [0, [401, 429, 429, 429]],
    [1, [401, 401, 429, 429]],
  ] as const) {
    const api = await startLimited(context, { failuresPerMinute: 1 }, proxies);
    const from = async (address: string) =>
      (await api.call('GET', '/batch/', undefined, { authorization, 'x-forwarded-for': address })).status;
    assert.deepEqual(
      [await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1'), await from('192.0.2.9, 192.0.2.1')],
      expected,
    );
  }
});

test('where nobody is asked nobody is limited, as nobody can be told from others', async (context) => {
  const limits = { requestsPerSecond: 1, concurrentRequests: 1, failuresPerMinute: 1 };
  const api = await startApi(context, { settings: { limits } });
  for (let i = 0; i < 15; i++) assert.equal((await api.call('GET', '/batch/')).status, 200);
});
