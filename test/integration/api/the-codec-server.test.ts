import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createPayloadCodec } from '../../../payload-codec.ts';
import { startApi } from '../../support/api-server.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';

const payloadCodec = createPayloadCodec({ encryptionKeys: [randomBytes(32)], isTemporalEncrypted: true });
const WEB_UI = 'http://temporal.example:8233';
const PLAIN = { metadata: { encoding: Buffer.from('json/plain').toString('base64') }, data: btoa('"canary"') };

interface Payloads {
  readonly payloads: readonly (typeof PLAIN)[];
}

async function send(url: string, call: 'decode' | 'encode', body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/codec/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: JSON.stringify(body),
  });
  return { response, body: (await response.json()) as Payloads & { readonly msg?: string; readonly data?: unknown } };
}

test('what is encoded comes back decoded, and what was never encoded as it was', async (context) => {
  const { url } = await startApi(context, { payloadCodec });
  const encoded = (await send(url, 'encode', { payloads: [PLAIN] })).body;
  assert.equal(atob(encoded.payloads[0]?.metadata.encoding ?? ''), 'binary/encrypted');
  assert.deepEqual((await send(url, 'decode', encoded)).body, { payloads: [PLAIN] });
  assert.deepEqual((await send(url, 'decode', { payloads: [PLAIN] })).body, { payloads: [PLAIN] });
});

test('a payload that no key of the service has encrypted is refused', async (context) => {
  const { url } = await startApi(context);
  const [payload] = await payloadCodec.encode([{ metadata: {}, data: Buffer.from('x') }]);
  const entries = Object.entries(payload?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value)] as const);
  const metadata = Object.fromEntries(entries.map(([name, value]) => [name, value.toString('base64')]));
  const { response, body } = await send(url, 'decode', { payloads: [{ metadata, data: 'AAAA' }] });
  assert.equal(response.status, 400);
  assert.equal(body.msg, 'A payload cannot be read: the key that encrypted it is not among ENCRYPTION_KEYS.');
});

test('what are no payloads is refused with its fault', async (context) => {
  const { url } = await startApi(context);
  const { response, body } = await send(url, 'decode', { payloads: [{ data: 'no base64!' }] });
  assert.equal(response.status, 400);
  assert.deepEqual(body.data, { payloads: { 0: { data: 'Must be Base64' } } });
  assert.equal((await send(url, 'decode', {})).response.status, 400);
});

test('with API_AUTH only an administrator reads what all owners sent', async (context) => {
  const api = await startGuardedApi(context, { payloadCodec });
  for (const [scope, status] of [
    ['read', 403],
    ['admin', 200],
  ] as const) {
    const { headers } = await api.as('alice', scope);
    assert.equal((await send(api.url, 'decode', { payloads: [] }, { ...headers })).response.status, status);
  }
  assert.equal((await send(api.url, 'decode', { payloads: [] })).response.status, 401);
});

test('a browser lets the page of the Web UI call it, and no other page', async (context) => {
  const { url } = await startApi(context, { payloadCodec, webUiOrigin: WEB_UI });
  const preflight = (origin: string) =>
    fetch(`${url}/codec/decode`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  assert.equal((await preflight(WEB_UI)).headers.get('access-control-allow-origin'), WEB_UI);
  assert.equal((await preflight('http://evil.example')).headers.get('access-control-allow-origin'), null);
  const from = (origin: string) => ({ origin, 'sec-fetch-site': 'cross-site' });
  const ours = await send(url, 'decode', { payloads: [PLAIN] }, from(WEB_UI));
  assert.equal(ours.response.headers.get('access-control-allow-origin'), WEB_UI);
  assert.deepEqual(ours.body, { payloads: [PLAIN] });
  assert.equal((await send(url, 'decode', { payloads: [] }, from('http://evil.example'))).response.status, 403);
});

test('the page of the Web UI may call nothing else', async (context) => {
  const { url } = await startApi(context, { webUiOrigin: WEB_UI });
  const headers = { origin: WEB_UI, 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
  const answer = await fetch(`${url}/batch/`, { method: 'POST', headers, body: '{}' });
  assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [403, null]);
});
