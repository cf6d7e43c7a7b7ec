import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../../../client/client.ts';
import { freePort } from '../../support/free-port.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';

test('a credential goes with every call; without it the refusal says so', async (context) => {
  const api = await startGuardedApi(context);
  const { text: credential } = await api.as('ann', 'read');
  assert.deepEqual(await createClient({ url: api.url, credential }).page(), { jobs: [] });
  await assert.rejects(createClient({ url: api.url }).page(), { name: 'ApiRefusal', status: 401 });
});

test('a service that is not there is named, and what was the matter', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const client = createClient({ url });
  await assert.rejects(client.page({}, { maxTries: 1 }), {
    name: 'ServiceUnreachable',
    message: new RegExp(`^no answer from ${url}: .*ECONNREFUSED`),
  });
});
