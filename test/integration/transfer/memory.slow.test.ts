import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { peakMibOf, TELL_PEAK } from '../../support/peak-memory.ts';
import { storedZip } from '../../support/stored-zip.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import { createTestFolder } from '../../support/trees.ts';

const MIB = 1024 * 1024;
const LIMIT_MIB = 128;

test('a gigabyte goes up and comes down in constant memory', async () => {
  const { options } = await createTestBucket();
  using from = createTestFolder();
  using to = createTestFolder();
  writeGigabyte(join(from.path, 'large'));
  const up = await runUpload({ options, folder: from.path, nodeOptions: TELL_PEAK }, 'large.zip');
  assert.ok(up.report?.ok, up.output);
  assert.ok(up.report.sizeBytes > 150 * MIB, 'the zip is too small to prove anything');
  const down = await runDownload({ options, folder: to.path, nodeOptions: TELL_PEAK }, up.report);
  assert.ok(down.report?.ok, down.output);
  assert.equal(statSync(join(to.path, 'large')).size, 1024 * MIB);
  assert.ok(peakMibOf(up) < LIMIT_MIB, `up took ${peakMibOf(up)} MiB`);
  assert.ok(peakMibOf(down) < LIMIT_MIB, `down took ${peakMibOf(down)} MiB`);
});

test('what does not shrink leaves no garbage of the network behind when it comes down', async () => {
  const { bucket, options } = await createTestBucket();
  using to = createTestFolder();
  const stored = await bucket.write('stored.zip', Readable.from(storedZip(256 * MIB)));
  const down = await runDownload({ options, folder: to.path, nodeOptions: TELL_PEAK }, stored);
  assert.ok(down.report?.ok, down.output);
  // With the garbage that V8 lets be it takes 115 MiB and more.
  assert.ok(peakMibOf(down) < 105, `down took ${peakMibOf(down)} MiB`);
});

/** A fifth of it is random: a zip large enough to come in many chunks, and a content five times as large. */
function writeGigabyte(path: string): void {
  const fd = openSync(path, 'w');
  const block = Buffer.alloc(MIB);
  for (let written = 0; written < 1024; written += 1) {
    for (let at = 0; at < MIB; at += 64 * 1024) randomBytes(13 * 1024).copy(block, at);
    writeSync(fd, block);
  }
  closeSync(fd);
}
