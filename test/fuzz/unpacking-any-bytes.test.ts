import { test } from 'node:test';
import fc from 'fast-check';
import { createTestFolder } from '../support/trees.ts';
import { forShare } from './budget.ts';
import { boundedMemory, unpackAnything } from './unpacking.ts';

/** Bytes, and here and there what a zip has at its beginnings. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', '\0\0\0\0', '\xff\xff\xff\xff')
    .map((text) => Buffer.from(text, 'latin1')),
);
const end = fc.oneof(fc.constant(Buffer.alloc(0)), fc.uint8Array({ minLength: 16, maxLength: 16 }).map(endOf));

/** The end of a zip without a comment, whose numbers are any. */
function endOf(numbers: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), numbers, Buffer.alloc(2)]);
}

test('any bytes are refused or unpacked, and nothing else', async () => {
  using place = createTestFolder();
  using _memory = boundedMemory();
  const anything = fc.tuple(fc.array(piece, { maxLength: 30 }), end);
  const property = fc.asyncProperty(anything, async ([pieces, last]) => {
    await unpackAnything(place.path, Buffer.concat([...pieces, last]));
  });
  await fc.assert(property, forShare(0.15));
});
