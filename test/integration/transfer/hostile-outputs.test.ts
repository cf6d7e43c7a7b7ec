import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { runUpload } from '../../support/transfer-run.ts';
import { createTestFolder } from '../../support/trees.ts';

const { bucket, options } = await createTestBucket();

test('a file with more bytes than its volume has is refused before it is read, and nothing is left in the bucket', async () => {
  using volume = createTestFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', volume.path]);
  try {
    writeFileSync(join(volume.path, 'hole'), '');
    truncateSync(join(volume.path, 'hole'), 1024 ** 4);
    const { exitCode, report, output } = await runUpload({ options, folder: volume.path }, 'hole.zip');
    assert.equal(exitCode, 1);
    assert.ok(report?.ok === false && report.reason === 'OutputTooLarge', output);
    assert.match(report.message, /larger than its volume of 1048576 bytes/);
    assert.equal(await bucket.stat('hole.zip'), undefined);
  } finally {
    execFileSync('umount', [volume.path]);
  }
});

test('what is left out is named in the log', async () => {
  using from = createTestFolder();
  symlinkSync('/etc/passwd', join(from.path, 'passwords\n'));
  const { report, output } = await runUpload({ options, folder: from.path }, 'left-out.zip');
  assert.ok(report?.ok && report.files === 0 && report.skipped === 1, output);
  assert.match(output, /^left out: ".*passwords\\n" is an absolute link$/m);
  assert.match(output, /^left out links that lead out of .*, and special files: 1$/m);
});
