import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../support/api-server.ts';

const EXPECTED = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-powered-by': null,
  server: null,
};

test('every answer says what a browser may not take it for, and a refusal does, too', async (context) => {
  const api = await startApi(context);
  for (const path of ['/batch/', '/batch/none', '/nowhere', '/livez', '/openapi.json']) {
    const { headers } = await fetch(api.url + path);
    for (const [name, value] of Object.entries(EXPECTED)) assert.equal(headers.get(name), value, `${path} ${name}`);
  }
});

test('what is said of jobs stays in no cache', async (context) => {
  const api = await startApi(context);
  for (const path of ['/batch/', '/batch/none', '/batch/none/logs'])
    assert.equal((await fetch(api.url + path)).headers.get('cache-control'), 'no-store');
});
