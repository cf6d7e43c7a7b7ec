import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { newKey } from '../../../api/auth/key.ts';
import type { Principal } from '../../../api/auth/principal.ts';
import { isApiError, unauthorized } from '../../../api/errors.ts';
import { limitFailures } from '../../../api/limits.ts';

const ALICE: Principal = { owner: 'alice', scopes: new Set(['read']), credential: 'key' };
const LIMITS = { requestsPerSecond: 1, concurrentRequests: 1, failuresPerMinute: 2 };
const ALICES_TOKEN = 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln';

/** An API that knows `known`, as it is called from one address. Resolves to the status of the answer, 200 for a good credential. */
function createCaller(known: readonly string[]) {
  const authenticate = limitFailures((context) => {
    const isKnown = known.includes(context.get('Authorization').replace('Bearer ', ''));
    return isKnown ? Promise.resolve(ALICE) : Promise.reject(unauthorized('unknown'));
  }, LIMITS);
  return async (token?: string, ip = '192.0.2.1'): Promise<number> => {
    const context = { ip, get: () => (token === undefined ? '' : `Bearer ${token}`) } as unknown as Context;
    return await authenticate(context).then(
      () => 200,
      (error: unknown) => (isApiError(error) ? error.status : 0),
    );
  };
}

test('requests without a key, or with a token, shut nobody out', async () => {
  const key = newKey().text;
  const call = createCaller([key, ALICES_TOKEN]);
  for (let i = 0; i < 10; i++) assert.equal(await call(), 401);
  for (let i = 0; i < 10; i++) assert.equal(await call('ktr_not-a-key'), 401);
  for (let i = 0; i < 10; i++) assert.equal(await call(`${ALICES_TOKEN}x`), 401);
  assert.equal(await call(key), 200);
});

test('an address that sends wrong keys has no other key looked up, and its tokens pass', async () => {
  const key = newKey().text;
  const call = createCaller([key, ALICES_TOKEN]);
  for (const expected of [401, 401, 429]) assert.equal(await call(newKey().text), expected);
  assert.equal(await call(key), 429);
  assert.equal(await call(ALICES_TOKEN), 200);
  assert.equal(await call(key, '192.0.2.2'), 200);
  assert.equal(await call(key), 200, 'a key that was good of late passes');
});
