import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { pack } from '../../../transfer/pack.ts';
import type { Limits } from '../../../transfer/quota.ts';
import { walk } from '../../../transfer/walk.ts';
import { createTestFolder } from '../../support/trees.ts';

const MIB = 1024 * 1024;

/** Packs what `fill` makes; rejects when that is more than the limits allow. */
async function packed(limits: Limits, fill: (folder: string) => void): Promise<Buffer> {
  using folder = createTestFolder();
  fill(folder.path);
  return await buffer(pack(walk(folder.path), limits));
}

const threeFiles = (folder: string): void => {
  mkdirSync(join(folder, 'd'));
  for (const name of ['d/a', 'b']) writeFileSync(join(folder, name), 'four');
};

test('an output of too many files and folders is refused', async () => {
  await assert.rejects(packed({ maxFiles: 2 }, threeFiles), {
    reason: 'OutputTooLarge',
    message: 'the output has more than the 2 files and folders that are allowed (JOB_MAX_FILES)',
  });
});

test('an output of too many bytes is refused, also when none of its files has too many', async () => {
  await assert.rejects(packed({ maxBytes: 7 }, threeFiles), {
    reason: 'OutputTooLarge',
    message: 'the output is larger than the 7 bytes that are allowed (JOB_MAX_OUTPUT_BYTES)',
  });
});

test('an output that keeps to the limits is packed', async () => {
  assert.ok((await packed({ maxFiles: 3, maxBytes: 8 }, threeFiles)).length > 22);
});

test('a file with holes is refused by the size that it would have, before it is read', async () => {
  const startedMs = Date.now();
  const hole = (folder: string): void => {
    writeFileSync(join(folder, 'hole'), '');
    truncateSync(join(folder, 'hole'), 4 * 1024 * 1024 * MIB);
  };
  await assert.rejects(packed({ maxBytes: MIB }, hole), { reason: 'OutputTooLarge' });
  assert.ok(Date.now() - startedMs < 5000);
});
