import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import type { TransferRun } from '../../support/transfer-run.ts';
import { createTestFolder, describeTree, sharedWithGroup } from '../../support/trees.ts';

const { bucket, options } = await createTestBucket();
const call = { options, credentials: 'signed-urls' } as const;

/** More than two chunks. */
const LARGE_BYTES = 20 * 1024 ** 2;

function failureOf({ report, output }: TransferRun) {
  assert.ok(report?.ok === false, output);
  return report;
}

test('a folder comes back as it was, of one chunk and of several', async () => {
  for (const content of [Buffer.from('small'), randomBytes(LARGE_BYTES)]) {
    using from = createTestFolder();
    using to = createTestFolder();
    writeFileSync(join(from.path, 'a'), content);
    const object = `of ${content.length} + bytes & more.zip`;
    const up = await runUpload({ ...call, folder: from.path }, object);
    assert.ok(up.report?.ok, up.output);
    const stored = (await bucket.stat(object)) ?? assert.fail(`there is no ${object}`);
    assert.deepEqual(up.report, { ok: true, ...stored, files: 1 });
    const down = await runDownload({ ...call, folder: to.path }, stored);
    assert.ok(down.report?.ok, down.output);
    assert.deepEqual(describeTree(to.path), sharedWithGroup(describeTree(from.path)));
  }
});

test('a second upload takes the place of the first, as a container that starts again cannot remove what is there', async () => {
  using from = createTestFolder();
  for (const content of ['first', 'second, and longer']) {
    writeFileSync(join(from.path, 'a'), content);
    const up = await runUpload({ ...call, folder: from.path }, 'twice.zip');
    assert.ok(up.report?.ok, up.output);
    assert.equal((await bucket.stat('twice.zip'))?.crc32c, up.report.crc32c);
  }
});

test('an input that is not there, or not the accepted one, is unavailable', async () => {
  using from = createTestFolder();
  using to = createTestFolder();
  writeFileSync(join(from.path, 'a'), 'a');
  const up = await runUpload({ ...call, folder: from.path }, 'input.zip');
  const stored = (await bucket.stat('input.zip')) ?? assert.fail(up.output);
  const missing = failureOf(await runDownload({ ...call, folder: to.path }, { ...stored, object: 'missing.zip' }));
  assert.deepEqual([missing.reason, missing.message], ['InputUnavailable', 'object missing.zip does not exist']);
  const other = failureOf(await runDownload({ ...call, folder: to.path }, { ...stored, crc32c: 'AAAAAA==' }));
  assert.equal(other.reason, 'InputUnavailable');
  assert.match(other.message, /input\.zip should hold .* but holds/);
});

test('nothing of a URL is told by a transfer that fails', async () => {
  using to = createTestFolder();
  const run = await runDownload({ ...call, folder: to.path }, { object: 'no.zip', sizeBytes: 1, crc32c: 'AAAAAA==' });
  assert.doesNotMatch(run.output + JSON.stringify(run.report), /X-Goog|Signature|http/i);
});
