import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCrc32c } from '../../../bucket/crc32c.ts';

fc.configureGlobal({ seed: 20_240_229 });

function crc32cOf(...chunks: Uint8Array[]): string {
  const crc32c = createCrc32c();
  chunks.forEach((chunk) => crc32c.update(chunk));
  return crc32c.digest();
}

test('the checksum is the one that RFC 3720 prescribes', () => {
  assert.equal(crc32cOf(Buffer.from('123456789')), Buffer.from('e3069283', 'hex').toString('base64'));
  assert.equal(crc32cOf(Buffer.alloc(32)), Buffer.from('8a9136aa', 'hex').toString('base64'));
  assert.equal(crc32cOf(), 'AAAAAA==');
});

test('how the bytes are cut does not matter', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, at) => {
      assert.equal(crc32cOf(bytes.subarray(0, at), bytes.subarray(at)), crc32cOf(bytes));
    }),
  );
});
