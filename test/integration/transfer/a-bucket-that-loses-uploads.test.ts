import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFlakyProxy } from '../../support/flaky-proxy.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { runUpload } from '../../support/transfer-run.ts';
import { createTestFolder } from '../../support/trees.ts';

/** More than a chunk, so that it is an upload that this server can lose; each connection is cut in the middle of it. */
const SIZE_BYTES = 10 * 1024 ** 2;
const CUT_AT_BYTES = 1024 ** 2;
const LOST_TIMES = 4;
const LIMIT_MS = 120_000;

for (const credentials of ['secret', 'signed-urls'] as const)
  test(`an output whose upload is lost again and again is sent anew until it is there, by ${credentials}`, async () => {
    using from = createTestFolder();
    writeFileSync(join(from.path, 'noise'), randomBytes(SIZE_BYTES));
    const { bucket, options } = await createTestBucket();
    await using proxy = await createFlakyProxy(options.apiEndpoint, {
      direction: 'to-server',
      afterBytes: CUT_AT_BYTES,
      cuts: LOST_TIMES,
    });
    const flaky = { ...options, apiEndpoint: proxy.endpoint };
    const call = { options: flaky, folder: from.path, credentials, signal: AbortSignal.timeout(LIMIT_MS) };
    const sent = await runUpload(call, 'output.zip');
    assert.equal(sent.report?.ok, true, sent.output);
    assert.equal(proxy.cuts(), LOST_TIMES);
    const stored = (await bucket.stat('output.zip')) ?? assert.fail(sent.output);
    assert.ok(stored.sizeBytes > SIZE_BYTES);
  });

test('a bucket that is not there is no lost upload: nobody waits for it', async () => {
  using from = createTestFolder();
  writeFileSync(join(from.path, 'noise'), randomBytes(SIZE_BYTES));
  const { options } = await createTestBucket();
  const call = {
    options: { ...options, bucketName: 'nobodys' },
    folder: from.path,
    signal: AbortSignal.timeout(LIMIT_MS),
  };
  const { report, output } = await runUpload(call, 'output.zip');
  assert.ok(report?.ok === false && report.reason === 'OutputUploadFailed', output);
  assert.match(report.message, /404/);
});
