import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createOidcVerifier } from '../../../api/auth/oidc.ts';
import { lacksScope } from '../../../api/auth/principal.ts';
import { AUDIENCE, startIssuer } from '../../support/issuer.ts';

/** Who a token is of whose claim of scopes is given. */
async function startPrincipalOf(context: TestContext, isBare: boolean) {
  const issuer = await startIssuer(context);
  const claims = { ownerClaim: 'sub', scopesClaim: 'scope', areScopesBare: isBare };
  const verify = createOidcVerifier({ issuer: issuer.url, audience: AUDIENCE, algorithms: ['ES256'], ...claims });
  return async (scope: unknown) => {
    const principal = await verify(await issuer.sign({ scope }));
    assert.ok(principal);
    return principal;
  };
}

/** What such a token may do. */
async function startScopesOf(context: TestContext, isBare: boolean) {
  const principalOf = await startPrincipalOf(context, isBare);
  return async (scope: unknown) => [...(await principalOf(scope)).scopes];
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

test('that it lacks are told as its issuer has to name them', async (context) => {
  for (const [isBare, name] of [
    [false, 'ktr:kill'],
    [true, 'kill'],
  ] as const) {
    const principalOf = await startPrincipalOf(context, isBare);
    const { message, headers } = lacksScope(await principalOf(''), 'kill');
    assert.equal(message, `This credential does not have the scope ${name}.`);
    assert.match(headers['WWW-Authenticate'] ?? '', new RegExp(`scope="${name}"$`));
  }
});
