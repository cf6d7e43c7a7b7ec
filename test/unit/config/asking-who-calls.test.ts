import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadApiConfig } from '../../../config.ts';

const OIDC = { OIDC_ISSUER: 'https://login.example.com', OIDC_AUDIENCE: 'task-runner' };
const load = (settings: Record<string, string>) => loadApiConfig([], { GC_BUCKET_NAME: 'b', ...settings });

describe('API_AUTH', () => {
  test('names ways to say who one is', () => {
    assert.deepEqual(load({}).auth, []);
    assert.deepEqual(load({ API_AUTH: 'none' }).auth, []);
    assert.deepEqual(load({ API_AUTH: 'keys' }).auth, ['keys']);
    assert.deepEqual(load({ API_AUTH: 'keys, oidc', ...OIDC }).auth, ['keys', 'oidc']);
  });

  test('takes nothing else, and nothing beside none', () => {
    for (const wrong of ['key', 'KEYS', 'none,keys', 'keys,', ','])
      assert.throws(() => load({ API_AUTH: wrong }), /API_AUTH must be/, wrong);
  });

  test('asks for an issuer and an audience with oidc, and for them alone', () => {
    assert.throws(() => load({ API_AUTH: 'oidc' }), /needs OIDC_ISSUER[\s\S]*needs OIDC_AUDIENCE/);
    assert.deepEqual(load({ API_AUTH: 'oidc', ...OIDC }).oidc, {
      issuer: 'https://login.example.com',
      audience: 'task-runner',
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      ownerClaim: 'sub',
      scopesClaim: 'scope',
    });
    assert.equal(load({ API_AUTH: 'keys', ...OIDC }).oidc, undefined);
  });

  test('takes an issuer without TLS from this machine alone', () => {
    const from = (OIDC_ISSUER: string) => load({ API_AUTH: 'oidc', ...OIDC, OIDC_ISSUER });
    for (const here of ['http://127.0.0.1:8080', 'http://localhost:8080/realms/a', 'http://[::1]:8080'])
      assert.equal(from(here).oidc?.issuer, here);
    assert.throws(() => from('http://login.example.com'), /OIDC_ISSUER must be an https URL/);
  });

  test('does not go with inputs from the bucket that all outputs are in', () => {
    assert.throws(
      () => loadApiConfig([], { GC_BUCKET_NAME: 'ours', INPUT_BUCKETS: 'theirs, ours', API_AUTH: 'keys' }),
      /outputs of all others/,
    );
    const open = loadApiConfig([], { GC_BUCKET_NAME: 'ours', INPUT_BUCKETS: 'ours', API_AUTH: 'none' });
    assert.deepEqual(open.inputBuckets, ['ours']);
  });

  test('takes no algorithm by which a public key, or nobody, could sign', () => {
    for (const wrong of ['none', 'HS256', 'RS256,HS512', 'RS256,none', 'rs256'])
      assert.throws(
        () => load({ API_AUTH: 'oidc', ...OIDC, OIDC_ALGORITHMS: wrong }),
        /OIDC_ALGORITHMS must be some of/,
        wrong,
      );
  });
});
