import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { exportSPKI, generateKeyPair, importJWK, UnsecuredJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { pino } from 'pino';
import { authenticateBy } from '../../../api/auth/verifying.ts';
import type { AuthMethod, OidcConfig } from '../../../config.ts';
import { createChangeWaiter } from '../../../store/changes.ts';
import { startApi } from '../../support/api-server.ts';
import { makeKey } from '../../support/guarded-api.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer.ts';
import type { Claims, Issuer } from '../../support/issuer.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

const now = () => Math.floor(Date.now() / 1000);

/** An API that takes tokens of an issuer, and how it answers to one. */
async function startWithIssuer(context: TestContext, changes: Partial<OidcConfig> = {}, auth: AuthMethod[] = ['oidc']) {
  const [issuer, store] = [await startIssuer(context), await openStore(context)];
  const claims = { ownerClaim: 'sub', scopesClaim: 'scope' };
  const oidc = { issuer: issuer.url, audience: AUDIENCE, algorithms: ['ES256', 'EdDSA'], ...claims, ...changes };
  const authenticate = authenticateBy({ auth, oidc }, { keys: store.keys, logger: pino({ level: 'silent' }) });
  assert.ok(authenticate);
  const api = await startApi(context, { store, changes: createChangeWaiter(store), authenticate });
  const ask = (token: string, method = 'GET', path = '/batch/?status=all') =>
    api.call(method, path, undefined, { authorization: `Bearer ${token}` });
  return { api, issuer, ask };
}

test('a token of the issuer is who it says, and may do what its scopes say', async (context) => {
  const { api, issuer, ask } = await startWithIssuer(context);
  const [own, others] = [aJob({ owner: `${issuer.url}#alice` }), aJob({ owner: `${issuer.url}#alicia` })];
  await api.store.record(own);
  await api.store.record(others);
  await api.store.record(aJob({ owner: 'alice' }));
  const token = await issuer.sign();
  const { data } = await ask(token);
  assert.deepEqual(
    (data as { id: string }[]).map(({ id }) => id),
    [own.id],
  );
  assert.equal((await ask(token, 'DELETE', `/batch/${own.id}`)).status, 403);
  assert.equal((await ask(await issuer.sign({ scope: 'ktr:kill' }), 'DELETE', `/batch/${others.id}`)).status, 404);
});

test('owner and scopes come from the claims that are configured', async (context) => {
  const { api, issuer, ask } = await startWithIssuer(context, { ownerClaim: 'email', scopesClaim: 'roles' });
  await api.store.record(aJob({ owner: `${issuer.url}#bob@example.com` }));
  const { data } = await ask(
    await issuer.sign({ email: 'bob@example.com', roles: ['ktr:read', 7], scope: 'ktr:admin' }),
  );
  assert.equal((data as unknown[]).length, 1);
  assert.equal((await ask(await issuer.sign({ email: 'bob@example.com', scope: 'ktr:read' }))).status, 403);
  for (const email of [undefined, '', 7, ['bob@example.com'], 'bob\n', 'x'.repeat(256)])
    assert.equal((await ask(await issuer.sign({ email, roles: ['ktr:read'] }))).status, 401, String(email));
});

describe('a token is refused', () => {
  const cases: Record<string, (issuer: Issuer) => Claims> = {
    'of another issuer': () => ({ iss: 'https://login.example.com' }),
    'of an issuer whose name only begins like ours': ({ url }) => ({ iss: `${url}/` }),
    'for another audience': () => ({ aud: 'another' }),
    'for no audience': () => ({ aud: undefined }),
    'that has expired': () => ({ exp: now() - 60 }),
    'that never expires': () => ({ exp: undefined }),
    'that is not good yet': () => ({ nbf: now() + 90 }),
    'of nobody': () => ({ sub: undefined }),
  };
  for (const [what, claims] of Object.entries(cases)) {
    test(what, async (context) => {
      const { issuer, ask } = await startWithIssuer(context);
      assert.equal((await ask(await issuer.sign())).status, 200);
      const { status, headers } = await ask(await issuer.sign(claims(issuer)));
      assert.equal(status, 401);
      assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
    });
  }

  test('that another key has signed, or that was changed', async (context) => {
    const { issuer, ask } = await startWithIssuer(context);
    const { privateKey: key } = await generateKeyPair('ES256');
    assert.equal((await ask(await issuer.sign({}, { key }))).status, 401);
    const [header = '', , signature = ''] = (await issuer.sign()).split('.');
    const [, payload = ''] = (await issuer.sign({ sub: 'bob' })).split('.');
    assert.equal((await ask(`${header}.${payload}.${signature}`)).status, 401);
    assert.equal((await ask(`${header}.${payload}.`)).status, 401);
  });

  test('that nobody has signed', async (context) => {
    const { issuer, ask } = await startWithIssuer(context);
    const claims = { scope: 'ktr:admin', sub: 'alice', iss: issuer.url, aud: AUDIENCE, exp: now() + 60 };
    assert.equal((await ask(new UnsecuredJWT(claims).encode())).status, 401);
  });

  test('that is signed by the public key as if it were a secret, even where such algorithms are named', async (context) => {
    for (const algorithms of [['ES256'], ['ES256', 'HS256']]) {
      const { issuer, ask } = await startWithIssuer(context, { algorithms });
      const pem = await exportSPKI((await importJWK(issuer.publicKey(), 'ES256', { extractable: true })) as CryptoKey);
      for (const text of [pem, JSON.stringify(issuer.publicKey())]) {
        const token = await issuer.sign({}, { algorithm: 'HS256', key: new TextEncoder().encode(text) });
        assert.equal((await ask(token)).status, 401);
      }
    }
  });

  test('by an algorithm that is not among those of the configuration', async (context) => {
    const { issuer, ask } = await startWithIssuer(context, { algorithms: ['RS256'] });
    assert.equal((await ask(await issuer.sign())).status, 401);
  });
});

test('keys are asked for once, and not anew by each token of an unknown key', async (context) => {
  const { issuer, ask } = await startWithIssuer(context);
  const token = await issuer.sign();
  for (let i = 0; i < 5; i++) assert.equal((await ask(token)).status, 200);
  assert.equal(issuer.keyRequests(), 1);
  for (const keyId of ['one', 'two', 'three']) assert.equal((await ask(await issuer.sign({}, { keyId }))).status, 401);
  assert.equal(issuer.keyRequests(), 1);
});

test('an issuer that is away makes no token wrong, and those whose keys are known go on', async (context) => {
  const { issuer, ask } = await startWithIssuer(context);
  const token = await issuer.sign();
  issuer.setAway(true);
  const { status, error } = await ask(token);
  assert.deepEqual([status, error], [503, 'ServiceUnavailable']);
  issuer.setAway(false);
  assert.equal((await ask(token)).status, 200);
  issuer.setAway(true);
  assert.equal((await ask(token)).status, 200);
});

test('keys and tokens can be taken side by side, and each alone', async (context) => {
  for (const [auth, expected] of [
    [
      ['keys', 'oidc'],
      [200, 200],
    ],
    [['keys'], [200, 401]],
    [['oidc'], [401, 200]],
  ] as const) {
    const { api, issuer, ask } = await startWithIssuer(context, {}, [...auth]);
    const { text } = await makeKey(api.store, { owner: 'alice', scopes: ['read'] });
    assert.deepEqual([(await ask(text)).status, (await ask(await issuer.sign())).status], expected, auth.join());
  }
});
