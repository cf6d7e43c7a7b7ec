import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { createAuthenticate } from '../../../api/auth/bearer.ts';
import { createKeyVerifier, REMEMBERED_MS } from '../../../api/auth/keys.ts';
import { createStore } from '../../../store/store.ts';
import { startApiProcess } from '../../support/api-process.ts';
import { startApi } from '../../support/api-server.ts';
import { required } from '../../support/environment.ts';
import { makeKey, startGuardedApi } from '../../support/guarded-api.ts';
import { runKeyCommand } from '../../support/key-command.ts';
import { createProxy } from '../../support/proxy.ts';

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
interface Document {
  readonly components: { readonly securitySchemes?: object };
}

const logger = pino({ level: 'silent' });

test('nobody without a key sees, sends or kills, and what is no job is open', async (context) => {
  const api = await startGuardedApi(context);
  const id = randomUUID();
  for (const [method, path] of [
    ['GET', '/batch/'],
    ['POST', '/batch/'],
    ['GET', `/batch/${id}`],
    ['DELETE', `/batch/${id}`],
    ['GET', `/batch/${id}/logs`],
    ['GET', `/batch/${id}/events`],
    ['GET', `/batch/${id}/output`],
  ] as const) {
    const { status, error, headers } = await api.call(method, path);
    assert.deepEqual([status, error], [401, 'Unauthorized'], `${method} ${path}`);
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm="[^"]+"$/);
  }
  assert.equal((await api.call('GET', '/livez')).status, 200);
  assert.equal((await fetch(`${api.url}/openapi.json`)).status, 200);
});

test('a key that is good in part only is no key', async (context) => {
  const api = await startGuardedApi(context);
  const { text } = await api.as('alice', 'read');
  const [, id = ''] = text.split('_');
  const other = await makeKey(api.store, { owner: 'alice', scopes: ['read'] });
  const expired = await makeKey(api.store, { owner: 'alice', scopes: ['read'], expires: Date.now() - 1 });
  assert.equal((await api.call('GET', '/batch/', undefined, bearer(text))).status, 200);
  for (const wrong of [text.slice(0, -1), text.replace(id, other.id), expired.text, `ktr_${id}_`, 'x.y.z']) {
    const { status, headers } = await api.call('GET', '/batch/', undefined, bearer(wrong));
    assert.equal(status, 401, wrong);
    assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
  }
  const elsewhere = [`/batch/?access_token=${text}`, `/batch/?api_key=${text}`];
  for (const path of elsewhere) assert.equal((await api.call('GET', path)).status, 401, path);
  assert.equal((await api.call('GET', '/batch/', undefined, { 'x-api-key': text })).status, 401);
  assert.equal((await api.call('GET', '/batch/', undefined, { authorization: `Basic ${text}` })).status, 401);
});

test('a key is made, shown once, listed without its secret, and revoked by the command', async (context) => {
  const database = `test_${randomUUID().slice(0, 8)}`;
  const environment = { MONGODB_URI: required('MONGODB_URI'), MONGODB_DATABASE: database };
  const store = await createStore({ uri: environment.MONGODB_URI, database });
  const client = new MongoClient(environment.MONGODB_URI);
  context.after(async () => {
    await client.db(database).dropDatabase();
    await Promise.all([client.close(), store.close()]);
  });
  const api = await startApi(context, {
    store,
    authenticate: createAuthenticate(createKeyVerifier({ keys: store.keys, logger })),
  });
  const list = (key: string) => api.call('GET', '/batch/', undefined, bearer(key));

  const made = await runKeyCommand(
    environment,
    'create',
    '--owner',
    'alice',
    '--scopes',
    'read',
    '--expires-days',
    '1',
  );
  const key = made.output.trim();
  const [, id = '', secret = ''] = /^ktr_([0-9a-f]+)_(.+)$/.exec(key) ?? [];
  assert.equal((await list(key)).status, 200);
  const kept = JSON.stringify(await client.db(database).collection('api_keys').find().toArray());
  assert.ok(kept.includes(id) && !kept.includes(secret), 'only a hash is kept');

  const shown = await runKeyCommand(environment, 'list');
  assert.match(shown.output, new RegExp(`^${id} +alice +read +good +\\S+Z +\\S+Z +\\S+Z +-$`, 'm'));
  assert.ok(!shown.output.includes(secret));

  assert.equal((await runKeyCommand(environment, 'revoke', id)).code, 0);
  await delay(REMEMBERED_MS);
  assert.equal((await list(key)).status, 401);
  assert.equal((await runKeyCommand(environment, 'revoke', id)).code, 1);
  assert.match((await runKeyCommand(environment, 'list')).output, new RegExp(`^${id} .* revoked `, 'm'));
});

test('the process asks as it is configured, and says in its document that it does', async (context) => {
  const database = `test_${randomUUID().slice(0, 8)}`;
  const uri = required('MONGODB_URI');
  const store = await createStore({ uri, database });
  const client = new MongoClient(uri);
  context.after(async () => {
    await client.db(database).dropDatabase();
    await Promise.all([client.close(), store.close()]);
  });
  const { text } = await makeKey(store, { owner: 'alice', scopes: ['read'] });
  for (const [auth, expected, schemes] of [
    ['keys', 401, ['bearer']],
    ['', 200, []],
  ] as const) {
    const { url } = await startApiProcess(context, { API_AUTH: auth, MONGODB_DATABASE: database });
    assert.equal((await fetch(`${url}/batch/`)).status, expected);
    assert.equal((await fetch(`${url}/batch/`, { headers: bearer(text) })).status, 200);
    const { components } = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
    assert.deepEqual(Object.keys(components.securitySchemes ?? {}), schemes);
  }
});

test('a key that cannot be looked up is not called wrong', async (context) => {
  const { hostname, port } = new URL(required('MONGODB_URI'));
  const way = await createProxy(context, Number(port), hostname);
  const store = await createStore({
    uri: `mongodb://127.0.0.1:${way.port}`,
    database: `test_${randomUUID().slice(0, 8)}`,
  });
  context.after(() => store.close());
  const api = await startGuardedApi(context, { store });
  const [known, unseen] = [await api.as('alice', 'read'), await api.as('bob', 'read')];
  assert.equal((await known.call('GET', '/batch/')).status, 200);
  way.close();
  const { status, error, headers } = await unseen.call('GET', '/batch/');
  assert.deepEqual([status, error, headers.get('retry-after')], [503, 'ServiceUnavailable', '5']);
  way.open();
  assert.equal((await unseen.call('GET', '/batch/')).status, 200);
});
