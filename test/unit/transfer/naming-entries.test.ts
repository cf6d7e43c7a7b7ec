import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeEntryPath } from '../../../transfer/entry-path.ts';
import { zipNameOf } from '../../../transfer/zip-names.ts';

fc.configureGlobal({ seed: 20_240_229 });

test('a name that any system can carry is kept', () => {
  for (const name of ['a b', 'ü🦊', '-x', 'new\nline', "it's", '%41', 'ab:c'])
    assert.equal(zipNameOf(Buffer.from(name)), name);
});

test('what a zip cannot carry is written as its bytes', () => {
  assert.equal(zipNameOf(Buffer.from('a\\b')), 'a%5Cb');
  assert.equal(zipNameOf(Buffer.from('C:x')), 'C%3Ax');
  assert.equal(zipNameOf(Buffer.from([0x61, 0xff, 0x62])), 'a%FFb');
});

test('every name that a file can have is accepted by the other side', () => {
  const fileName = fc
    .uint8Array({ minLength: 1, maxLength: 30 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 0x2f)))
    .filter((name) => !['', '.', '..'].includes(name.toString('latin1')));
  fc.assert(
    fc.property(fileName, (name) => {
      assert.ok(safeEntryPath('/input', zipNameOf(name)).startsWith('/input/'));
    }),
    { numRuns: 1000 },
  );
});
