import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import { createTestFolder } from '../../support/trees.ts';

const FOLDERS = 70;
const FILES = 1000;

test('more files than the old zip format can count come back', async () => {
  const { options } = await createTestBucket();
  using from = createTestFolder();
  using to = createTestFolder();
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    mkdirSync(join(from.path, `${folder}`));
    for (let file = 0; file < FILES; file += 1)
      writeFileSync(join(from.path, `${folder}/${file}`), `${folder}/${file}`);
  }
  const up = await runUpload({ options, folder: from.path }, 'many.zip');
  assert.ok(up.report?.ok, up.output);
  assert.equal(up.report.files, FOLDERS * (FILES + 1));
  const down = await runDownload({ options, folder: to.path }, up.report);
  assert.equal(down.exitCode, 0, down.output);
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    assert.equal(readdirSync(join(to.path, `${folder}`)).length, FILES);
    assert.equal(readFileSync(join(to.path, `${folder}/${FILES - 1}`), 'utf8'), `${folder}/${FILES - 1}`);
  }
});
