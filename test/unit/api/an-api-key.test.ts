import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isInForce, isProofOf, newKey, parseKey } from '../../../api/auth/key.ts';

describe('an API key', () => {
  test('is proof of what is kept of it, and no other key is', () => {
    const [key, other] = [newKey(), newKey()];
    const proof = parseKey(key.text);
    assert.ok(proof);
    assert.ok(isProofOf(proof, key));
    assert.ok(!isProofOf(proof, other));
    assert.ok(!isProofOf({ ...proof, secretHash: other.secretHash }, key));
    assert.ok(!isProofOf({ ...proof, id: other.id }, key));
  });

  test('has 256 random bits, none of which is kept', () => {
    const { id, secretHash, text } = newKey();
    const [, , secret = ''] = /^(ktr)_[0-9a-f]{12}_(.*)$/.exec(text) ?? [];
    assert.equal(Buffer.from(secret, 'base64url').length, 32);
    assert.ok(!`${id} ${secretHash}`.includes(secret));
    assert.ok(!`${id} ${secretHash}`.includes(Buffer.from(secret, 'base64url').toString('hex')));
  });

  test('is refused when anything of its form is wrong', () => {
    const { text } = newKey();
    for (const wrong of [
      '',
      text.slice(0, -1),
      `${text}A`,
      text.toUpperCase(),
      text.replace('ktr_', 'ktr-'),
      ` ${text}`,
    ])
      assert.equal(parseKey(wrong), undefined, wrong);
  });

  test('is in force until it is revoked or expires', () => {
    assert.ok(isInForce({}, 10));
    assert.ok(isInForce({ expires: 11 }, 10));
    assert.ok(!isInForce({ expires: 10 }, 10));
    assert.ok(!isInForce({ revoked: 10, expires: 20 }, 10));
  });
});
