import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTransferError } from '../../../transfer/errors.ts';
import type { UnpackOptions } from '../../../transfer/unpack.ts';
import { rawZip, zip64End } from '../../support/raw-zips.ts';
import type { RawEntry } from '../../support/raw-zips.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';
import { WAYS_TO_UNPACK } from '../../support/ways-to-unpack.ts';
import type { WayToUnpack } from '../../support/ways-to-unpack.ts';

const MIB = 1024 * 1024;
const BOMB = rawZip([{ name: 'zeros', content: Buffer.alloc(64 * MIB), isDeflated: true }]);
const FILES = rawZip(Array.from({ length: 10 }, (_, index): RawEntry => ({ name: `${index}`, content: 'four' })));
const DEEP = rawZip([{ name: `${'d/'.repeat(50)}file` }]);

/** Unpacks within limits; the reason and the message of a refusal, and what stands in the folder then. */
async function unpackWithin(unpack: WayToUnpack, limits: UnpackOptions, zip: Buffer) {
  using place = createTestFolder();
  const folder = join(place.path, 'input');
  mkdirSync(folder);
  const refusal = await unpack(zip, place.path, limits).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(refusal === undefined || isTransferError(refusal), String(refusal));
  return { refusal: refusal && [refusal.reason, refusal.message], left: Object.keys(describeTree(folder)).length };
}

for (const [way, unpack] of Object.entries(WAYS_TO_UNPACK)) {
  test(`a bomb by ratio is refused by what it says, before anything is written, ${way}`, async () => {
    assert.ok(BOMB.length < MIB);
    assert.deepEqual(await unpackWithin(unpack, { maxBytes: MIB }, BOMB), {
      refusal: [
        'InputTooLarge',
        `unpacked, the input is larger than the ${MIB} bytes that are allowed (JOB_MAX_INPUT_UNPACKED_BYTES)`,
      ],
      left: 0,
    });
  });

  test(`a bomb by count is refused by what it says, before anything is written, ${way}`, async () => {
    assert.deepEqual(await unpackWithin(unpack, { maxFiles: 9 }, FILES), {
      refusal: ['InputTooLarge', 'the input has more than the 9 files and folders that are allowed (JOB_MAX_FILES)'],
      left: 0,
    });
  });

  test(`more than the claim is a full disk, also where the storage would not say so, ${way}`, async () => {
    assert.deepEqual(await unpackWithin(unpack, { volumeBytes: MIB }, BOMB), {
      refusal: ['DiskFull', `unpacked, the input is larger than its volume of ${MIB} bytes`],
      left: 0,
    });
  });

  test(`a count that nobody would walk through is refused at once, ${way}`, async () => {
    const zip = rawZip([{ name: 'a' }], zip64End({ entries: 10n ** 15n }));
    const { refusal } = await unpackWithin(unpack, { maxFiles: 1_000_000 }, zip);
    assert.equal(refusal?.[0], 'InputTooLarge');
  });

  test(`folders that no entry names count, too, ${way}`, async () => {
    const { refusal, left } = await unpackWithin(unpack, { maxFiles: 20 }, DEEP);
    assert.deepEqual([refusal?.[0], left], ['InputTooLarge', 20]);
  });

  test(`more folders than fit into our memory are refused, before they end us, ${way}`, async () => {
    const { refusal, left } = await unpackWithin(unpack, { folderMemoryBytes: 5000 }, DEEP);
    assert.equal(refusal?.[0], 'InputTooLarge');
    assert.match(refusal[1] ?? '', /too many folders to be kept in mind/);
    assert.ok(left > 0 && left < 50, `${left} folders`);
  });

  test(`what keeps to the limits is unpacked, ${way}`, async () => {
    assert.deepEqual(await unpackWithin(unpack, { maxFiles: 10, maxBytes: 40 }, FILES), {
      refusal: undefined,
      left: 10,
    });
    assert.deepEqual(await unpackWithin(unpack, { maxFiles: 51 }, DEEP), { refusal: undefined, left: 51 });
  });

  test(`an archive in an archive is a file like any other, ${way}`, async () => {
    const zip = rawZip([{ name: 'inner.zip', content: BOMB }]);
    assert.deepEqual(await unpackWithin(unpack, { maxFiles: 1, maxBytes: BOMB.length }, zip), {
      refusal: undefined,
      left: 1,
    });
  });
}
