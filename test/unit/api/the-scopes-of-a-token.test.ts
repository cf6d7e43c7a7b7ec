import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createOidcVerifier } from '../../../api/auth/oidc.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer.ts';

/** What a token may do whose claim of scopes is `scope`. */
async function startScopesOf(context: TestContext, isBare: boolean) {
  const issuer = await startIssuer(context);
  const claims = { ownerClaim: 'sub', scopesClaim: 'scope', areScopesBare: isBare };
  const verify = createOidcVerifier({ issuer: issuer.url, audience: AUDIENCE, algorithms: ['ES256'], ...claims });
  return async (scope: unknown) => [...((await verify(await issuer.sign({ scope })))?.scopes ?? ['refused'])];
}

test('are those with our prefix: a word that other services of the issuer have is none', async (context) => {
  const scopesOf = await startScopesOf(context, false);
  assert.deepEqual(await scopesOf('openid admin read submit kill'), []);
  assert.deepEqual(await scopesOf(['admin', 'KTR:admin', 'ktr:', 'ktr: admin', 'xktr:admin', 'ktr:ktr:admin']), []);
  assert.deepEqual(await scopesOf('openid ktr:read admin ktr:kill'), ['read', 'kill']);
  assert.deepEqual(await scopesOf(['ktr:admin', 7]), ['admin']);
});

test('may be bare words, where they are taken', async (context) => {
  const scopesOf = await startScopesOf(context, true);
  assert.deepEqual(await scopesOf('openid read admin'), ['read', 'admin']);
  assert.deepEqual(await scopesOf('ktr:read submit'), ['read', 'submit']);
});
