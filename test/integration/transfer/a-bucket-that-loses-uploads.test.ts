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

test('an output whose upload is lost again and again is sent anew until it is there', async () => {
  using from = createTestFolder();
  writeFileSync(join(from.path, 'noise'), randomBytes(SIZE_BYTES));
  const { bucket, options } = await createTestBucket();
  await using proxy = await createFlakyProxy(options.apiEndpoint, {
    direction: 'to-server',
    afterBytes: CUT_AT_BYTES,
    cuts: LOST_TIMES,
  });
  const sent = await runUpload(
    { options: { ...options, apiEndpoint: proxy.endpoint }, folder: from.path },
    'output.zip',
  );
  assert.equal(sent.report?.ok, true, sent.output);
  assert.equal(proxy.cuts(), LOST_TIMES);
  const stored = (await bucket.stat('output.zip')) ?? assert.fail(sent.output);
  assert.ok(stored.sizeBytes > SIZE_BYTES);
});
