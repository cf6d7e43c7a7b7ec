import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTransferError } from '../../../transfer/errors.ts';
import { unpack } from '../../../transfer/unpack.ts';
import type { UnpackOptions } from '../../../transfer/unpack.ts';
import { rawZip, zip64End } from '../../support/raw-zips.ts';
import type { RawEntry } from '../../support/raw-zips.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';

const MIB = 1024 * 1024;
const BOMB = rawZip([{ name: 'zeros', content: Buffer.alloc(64 * MIB), isDeflated: true }]);
const FILES = rawZip(Array.from({ length: 10 }, (_, index): RawEntry => ({ name: `${index}`, content: 'four' })));
const DEEP = rawZip([{ name: `${'d/'.repeat(50)}file` }]);

/** Unpacks within limits; the reason and the message of a refusal, and what stands in the folder then. */
async function unpackWithin(limits: UnpackOptions, zip: Buffer) {
  using place = createTestFolder();
  const [path, folder] = [join(place.path, 'input.zip'), join(place.path, 'input')];
  mkdirSync(folder);
  writeFileSync(path, zip);
  const refusal = await unpack(path, folder, limits).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(refusal === undefined || isTransferError(refusal), String(refusal));
  return { refusal: refusal && [refusal.reason, refusal.message], left: Object.keys(describeTree(folder)).length };
}

test('a bomb by ratio is refused by what it says, before anything is written', async () => {
  assert.ok(BOMB.length < MIB);
  assert.deepEqual(await unpackWithin({ maxBytes: MIB }, BOMB), {
    refusal: [
      'InputTooLarge',
      `unpacked, the input is larger than the ${MIB} bytes that are allowed (JOB_MAX_INPUT_UNPACKED_BYTES)`,
    ],
    left: 0,
  });
});

test('a bomb by count is refused by what it says, before anything is written', async () => {
  assert.deepEqual(await unpackWithin({ maxFiles: 9 }, FILES), {
    refusal: ['InputTooLarge', 'the input has more than the 9 files and folders that are allowed (JOB_MAX_FILES)'],
    left: 0,
  });
});

test('more than the claim is a full disk, also where the storage would not say so', async () => {
  assert.deepEqual(await unpackWithin({ volumeBytes: MIB }, BOMB), {
    refusal: ['DiskFull', `unpacked, the input is larger than its volume of ${MIB} bytes`],
    left: 0,
  });
});

test('a count that nobody would walk through is refused at once', async () => {
  const zip = rawZip([{ name: 'a' }], zip64End({ entries: 10n ** 15n }));
  const { refusal } = await unpackWithin({ maxFiles: 1_000_000 }, zip);
  assert.equal(refusal?.[0], 'InputTooLarge');
});

test('folders that no entry names count, too', async () => {
  const { refusal, left } = await unpackWithin({ maxFiles: 20 }, DEEP);
  assert.deepEqual([refusal?.[0], left], ['InputTooLarge', 20]);
});

test('more folders than fit into our memory are refused, before they end us', async () => {
  const { refusal, left } = await unpackWithin({ folderMemoryBytes: 5000 }, DEEP);
  assert.equal(refusal?.[0], 'InputTooLarge');
  assert.match(refusal[1] ?? '', /too many folders to be kept in mind/);
  assert.ok(left > 0 && left < 50, `${left} folders`);
});

test('what keeps to the limits is unpacked', async () => {
  assert.deepEqual(await unpackWithin({ maxFiles: 10, maxBytes: 40 }, FILES), { refusal: undefined, left: 10 });
  assert.deepEqual(await unpackWithin({ maxFiles: 51 }, DEEP), { refusal: undefined, left: 51 });
});

test('an archive in an archive is a file like any other', async () => {
  const zip = rawZip([{ name: 'inner.zip', content: BOMB }]);
  assert.deepEqual(await unpackWithin({ maxFiles: 1, maxBytes: BOMB.length }, zip), { refusal: undefined, left: 1 });
});
