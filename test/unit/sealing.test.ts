import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSealer, SealError } from '../../sealing.ts';

const [old, next] = [randomBytes(32), randomBytes(32)];
const sealer = createSealer([old]);

test('what was sealed opens for the same purpose, and for no other', async () => {
  const sealed = await sealer.seal('päss\nword', 'job/PASSWORD');
  assert.equal(await sealer.open(sealed, 'job/PASSWORD'), 'päss\nword');
  await assert.rejects(sealer.open(sealed, 'other/PASSWORD'), SealError);
});

test('nothing of a text can be read in what it is sealed to, and no two seals of one are alike', async () => {
  const [first, second] = await Promise.all([sealer.seal('canary', 'p'), sealer.seal('canary', 'p')]);
  assert.notEqual(first, second);
  for (const part of first.split('.')) assert.doesNotMatch(Buffer.from(part, 'base64url').toString('latin1'), /canary/);
});

test('a new key seals, and old ones open for as long as they are given', async () => {
  const sealed = await sealer.seal('text', 'p');
  assert.equal(await createSealer([next, old]).open(sealed, 'p'), 'text');
  await assert.rejects(createSealer([next]).open(sealed, 'p'), SealError);
  const renewed = await createSealer([next, old]).seal('text', 'p');
  await assert.rejects(sealer.open(renewed, 'p'), SealError);
});

test('what was changed, or is no sealed value, does not open', async () => {
  const sealed = await sealer.seal('text', 'p');
  const changed = sealed.replace(/.(?=.{4}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
  for (const broken of [changed, 'text', '', sealed.slice(0, -30)])
    await assert.rejects(sealer.open(broken, 'p'), SealError, broken);
});

test('a fingerprint is the same for the same text and key, and another for others', () => {
  const fingerprints = [sealer.fingerprint('a'), sealer.fingerprint('b'), createSealer([next]).fingerprint('a')];
  assert.equal(new Set(fingerprints).size, 3);
  assert.equal(sealer.fingerprint('a'), fingerprints[0]);
});
