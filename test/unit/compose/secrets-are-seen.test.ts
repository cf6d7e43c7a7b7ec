import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSecret } from '../../support/docker/secrets.ts';

const NOISE = 'Q'.repeat(40);

test('a key, a token and a password in an address are seen in a layer', () => {
  for (const text of [
    `-----BEGIN PRIVATE KEY-----\n${NOISE}`,
    `//registry.example/:_authToken=${NOISE}`,
    `x npm_${'a1'.repeat(18)} y`,
    'registry=https://user:password@registry.example/ \n',
  ])
    assert.ok(hasSecret(text), text);
});

test('code that writes or looks for one is none', () => {
  for (const text of [
    "'-----BEGIN PRIVATE KEY-----'",
    '`mongodb://${user}:${password}@${host}`',
    "indexOf(':_authToken')",
  ])
    assert.ok(!hasSecret(text), text);
});
