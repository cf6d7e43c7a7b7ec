import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createAuthenticate } from '../../../api/auth/bearer.ts';
import { createOidcVerifier } from '../../../api/auth/oidc.ts';
import { createChangeWaiter } from '../../../store/changes.ts';
import { startApi } from '../../support/api-server.ts';
import { AUDIENCE } from '../../support/issuer.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';
import { startOpenidProvider } from '../../support/openid-provider.ts';

async function startWithProvider(context: TestContext) {
  const [provider, store] = [await startOpenidProvider(context), await openStore(context)];
  const config = { issuer: provider.url, audience: AUDIENCE, algorithms: ['ES256'] };
  const verify = createOidcVerifier({ ...config, ownerClaim: 'client_id', scopesClaim: 'scope' });
  const authenticate = createAuthenticate(verify);
  const api = await startApi(context, { store, changes: createChangeWaiter(store), authenticate });
  const ask = (token: string, method: string, path: string) =>
    api.call(method, path, undefined, { authorization: `Bearer ${token}` });
  return { provider, store, ask };
}

test('a client of an OpenID provider reads its own jobs with the token that it was given, and does no more', async (context) => {
  const { provider, store, ask } = await startWithProvider(context);
  const own = aJob({ owner: `${provider.url}#${provider.clientId}` });
  for (const job of [own, aJob({ owner: 'another' })]) await store.record(job);
  const token = await provider.token('ktr:read');
  const { status, data } = await ask(token, 'GET', '/batch/?status=all');
  assert.deepEqual([status, (data as { id: string }[]).map(({ id }) => id)], [200, [own.id]]);
  assert.equal((await ask(token, 'DELETE', `/batch/${own.id}`)).status, 403);
});

test('a token that the provider made for another service is refused', async (context) => {
  const { provider, ask } = await startWithProvider(context);
  assert.equal((await ask(await provider.token('ktr:read'), 'GET', '/batch/')).status, 200);
  assert.equal((await ask(await provider.token('ktr:read', 'another'), 'GET', '/batch/')).status, 401);
});
