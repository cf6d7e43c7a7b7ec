import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { pack } from '../../../transfer/pack.ts';
import { walk } from '../../../transfer/walk.ts';
import { createTestFolder } from '../../support/trees.ts';

/** The longest stored block that deflate has. */
const BLOCK_BYTES = 65_535;

/** Longer than what is packed at one go. */
const AT_ONCE_BYTES = 128 * 1024;

async function packed(content: Buffer): Promise<Buffer> {
  using folder = createTestFolder();
  writeFileSync(join(folder.path, 'noise'), content);
  return await buffer(pack(walk(folder.path)));
}

/** What stands in the zip for its only entry, and what it comes to. */
async function onlyEntry(zip: Buffer): Promise<{ packed: Buffer; content: Buffer }> {
  const file = await fromBufferPromise(zip, { validateEntrySizes: true });
  const entries = await Array.fromAsync(file.eachEntry());
  assert.equal(entries.length, 1);
  const [entry] = entries;
  assert.ok(entry);
  const { fileDataStart } = await file.readLocalFileHeaderPromise(entry, { minimal: true });
  const data = zip.subarray(fileDataStart, fileDataStart + entry.compressedSize);
  return { packed: data, content: inflateRawSync(data) };
}

for (const [what, sizeBytes] of [
  ['that ends within a block', 200_000],
  ['that ends with a block', 4 * BLOCK_BYTES],
  ['of many blocks', 30 * BLOCK_BYTES + 1],
] as const) {
  test(`noise ${what} is packed as it is, five bytes longer for each block and for the end`, async () => {
    assert.ok(sizeBytes > AT_ONCE_BYTES);
    const noise = randomBytes(sizeBytes);
    const entry = await onlyEntry(await packed(noise));
    assert.ok(entry.content.equals(noise));
    assert.equal(entry.packed.length, sizeBytes + 5 * (Math.ceil(sizeBytes / BLOCK_BYTES) + 1));
  });
}

test('the same noise gives the same zip', async () => {
  const noise = randomBytes(500_000);
  using folder = createTestFolder();
  writeFileSync(join(folder.path, 'noise'), noise);
  const [one, other] = [await buffer(pack(walk(folder.path))), await buffer(pack(walk(folder.path)))];
  assert.ok(one.equals(other));
});
