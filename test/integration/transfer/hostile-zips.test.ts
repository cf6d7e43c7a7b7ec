import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { HOSTILE_ZIPS } from '../../support/hostile-zips.ts';
import { rawZip } from '../../support/raw-zips.ts';
import { runDownload } from '../../support/transfer-run.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';

const { bucket, options } = await createTestBucket();

for (const [what, { zip, refusal }] of Object.entries(HOSTILE_ZIPS)) {
  test(`${what} is refused by name, and nothing leaves the folder`, async () => {
    using parent = createTestFolder();
    using to = createTestFolder();
    const stored = await bucket.write(`hostile/${what}.zip`, Readable.from([zip]));
    const { exitCode, report, output } = await runDownload({ options, folder: to.path }, stored);
    assert.equal(exitCode, 1);
    assert.ok(report?.ok === false, output);
    assert.equal(report.reason, 'InputInvalid', output);
    assert.match(report.message, refusal);
    assert.deepEqual(describeTree(parent.path), {});
    assert.ok(!Object.keys(describeTree(to.path)).some((name) => name.includes('evil') || name.includes('link')));
  });
}

test('a zip without Unix modes gets the usual ones, and folders that it leaves out', async () => {
  using to = createTestFolder();
  const zip = rawZip([
    { name: 'a/b', content: 'x', mode: 0 },
    { name: 'c/', mode: 0 },
  ]);
  const stored = await bucket.write('dos.zip', Readable.from([zip]));
  await runDownload({ options, folder: to.path }, stored);
  assert.deepEqual(describeTree(to.path), { a: '755 folder', 'a/b': '644 file x', c: '755 folder' });
});
