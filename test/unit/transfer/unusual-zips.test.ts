import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zipFault } from '../../../api/zip-directory.ts';
import type { ReadRange } from '../../../api/zip-directory.ts';
import { zipFiles } from '../../../api/zip-files.ts';
import { aZip } from '../../support/input-zips.ts';
import { rawZip, unicodePath, zip64End, zip64Entry } from '../../support/raw-zips.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';
import { WAYS_TO_UNPACK } from '../../support/ways-to-unpack.ts';

const LONG = 'z'.repeat(500);
const LARGE = Buffer.alloc(300_000, 'large ');

const SMALL = rawZip([{ name: 'a', content: 'x' }]);
const COMMENTED = await aZip({ a: 'x' }, 'a comment');
/** As many as a comment may have bytes: no tool looks for the end of a zip beyond that. */
const MOST_ZEROS = 0xffff;

function padded(zip: Buffer, zeros: number): Buffer {
  return Buffer.concat([zip, Buffer.alloc(zeros)]);
}

/** Zips that are unusual and mean no harm, and the names and sizes of what they hold. */
const UNUSUAL: Readonly<Record<string, readonly [Buffer, Readonly<Record<string, number>>]>> = {
  'a name in code page 437': [rawZip([{ name: Buffer.from([0x81, 0x2e]), saysUtf8: false }]), { 'ü.': 0 }],
  'all bytes of code page 437': [
    rawZip([{ name: Buffer.from([0x80, 0x9b, 0xe1, 0xfd, 0x01, 0xff]), saysUtf8: false }]),
    { 'Ç¢ß²☺\u00a0': 0 },
  ],
  'a name in UTF-8 that does not say so': [rawZip([{ name: 'ü', saysUtf8: false }]), { ü: 0 }],
  'a name of the character for what is unreadable': [rawZip([{ name: '\ufffd' }]), { '\ufffd': 0 }],
  'a Unicode path': [
    rawZip([{ name: Buffer.from([0xff]), saysUtf8: false, extra: unicodePath('д', Buffer.from([0xff])) }]),
    { д: 0 },
  ],
  'a Unicode path for another name': [rawZip([{ name: 'a', extra: unicodePath('b', 'c') }]), { a: 0 }],
  'names that only a careless system takes for one': [
    rawZip([{ name: 'a' }, { name: 'A' }, { name: 'ü' }, { name: 'u\u0308' }, { name: 'a ' }, { name: 'a.' }]),
    { a: 0, A: 0, ü: 0, 'u\u0308': 0, 'a ': 0, 'a.': 0 },
  ],
  'names with control characters': [rawZip([{ name: 'a\u001b[2J\n' }]), { 'a\u001b[2J\n': 0 }],
  'entries in another order than their bytes': [
    rawZip([
      { name: 'first', content: 'x', claimedOffset: 36 },
      { name: 'other', content: 'x', claimedOffset: 0 },
    ]),
    { first: 1, other: 1 },
  ],
  'ZIP64 for what is small': [
    rawZip([zip64Entry({ name: 'a', content: LONG, isDeflated: true })], zip64End({ entries: 1 })),
    { a: 500 },
  ],
  'ZIP64 for what is read as a stream': [
    rawZip([zip64Entry({ name: 'a', content: LARGE, isDeflated: true })]),
    { a: 300_000 },
  ],
  'zeros after the end, as bsdtar pads a stream': [padded(SMALL, 10_240 - SMALL.length), { a: 1 }],
  'zeros after a comment': [padded(COMMENTED, 1), { a: 1 }],
  'as many zeros after the end as there may be': [padded(SMALL, MOST_ZEROS), { a: 1 }],
  'an empty zip, and zeros after its end': [padded(rawZip([]), 500), {}],
  'zeros after the end of a ZIP64': [
    padded(rawZip([zip64Entry({ name: 'a' })], zip64End({ entries: 1 })), 9),
    { a: 0 },
  ],
  'a content from a pipe, as Info-ZIP marks it': [rawZip([{ name: '-', content: 'x', mode: 0o10600 }]), { '-': 1 }],
  'a content from a socket': [rawZip([{ name: '-', content: 'x', mode: 0o140777 }]), { '-': 1 }],
  'extra fields before a content': [rawZip([{ name: 'a', content: LONG, localExtra: Buffer.alloc(64) }]), { a: 500 }],
};

for (const [what, [zip, expected]] of Object.entries(UNUSUAL)) {
  for (const [way, unpack] of Object.entries(WAYS_TO_UNPACK)) {
    test(`${what}: unpacked as it is, ${way}`, async () => {
      using place = createTestFolder();
      const folder = join(place.path, 'input');
      mkdirSync(folder);
      const { files, sizeBytes } = await unpack(zip, place.path);
      assert.deepEqual(Object.keys(describeTree(folder)).sort(), Object.keys(expected).sort());
      const sum = Object.values(expected).reduce((total, size) => total + size, 0);
      assert.deepEqual([files, sizeBytes], [Object.keys(expected).length, sum]);
      assert.equal(await zipFault(zip), undefined);
    });
  }

  test(`${what}: listed by the names that it is unpacked to`, async () => {
    const readRange: ReadRange = (offset, lengthBytes) => Promise.resolve(zip.subarray(offset, offset + lengthBytes));
    const { files } = await zipFiles(zip.length, readRange, 10);
    assert.deepEqual(files.map(({ name }) => name).sort(), Object.keys(expected).sort());
  });
}
