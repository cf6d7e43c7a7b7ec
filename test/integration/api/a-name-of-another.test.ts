import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { assertEnvelope, exchange } from '../../support/raw-http.ts';

/** A request as a browser sends it that takes this machine for `host`. */
const request = (method: string, path: string, host: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;

const PATHS = ['/batch/', '/batch/a', '/counts', '/openapi.json', '/docs', '/nowhere'];

test('where nobody is asked who he is, a page that has made its own name mean this machine reads and does nothing', async (context) => {
  const api = await startApi(context);
  for (const path of PATHS)
    assertEnvelope(await exchange(api.url, request('GET', path, 'evil.example:4898')), 403, 'Forbidden');
  for (const method of ['POST', 'DELETE'])
    assertEnvelope(await exchange(api.url, request(method, '/batch/a', 'evil.example')), 403, 'Forbidden');
  assert.equal((await exchange(api.url, request('GET', '/batch/', 'localhost'))).status, 200);
});

test('what such a page says of a proxy is not believed', async (context) => {
  const api = await startApi(context, { settings: { trustedProxies: 1 } });
  const { status } = await exchange(
    api.url,
    request('GET', '/batch/', 'evil.example', 'X-Forwarded-Host: localhost\r\n'),
  );
  assert.equal(status, 403);
});

test('a name that the operator has said is answered to, and probes are under any', async (context) => {
  const api = await startApi(context, { settings: { allowedHosts: ['runner.example.com'] } });
  assert.equal((await exchange(api.url, request('GET', '/batch/', 'runner.example.com'))).status, 200);
  assert.equal((await exchange(api.url, request('GET', '/livez', '10.0.0.7:4898'))).status, 200);
});

test('where everybody is asked any name will do', async (context) => {
  const api = await startGuardedApi(context);
  assert.equal((await exchange(api.url, request('GET', '/batch/', 'evil.example'))).status, 401);
});
