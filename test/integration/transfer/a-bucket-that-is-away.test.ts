import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { createProxy } from '../../support/proxy.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import { createTestFolder } from '../../support/trees.ts';

/** Longer than a client of the API is let wait. */
const AWAY_MS = 30_000;

test('an output is sent, and an input comes, when the bucket is back after half a minute', async (context) => {
  using from = createTestFolder();
  using to = createTestFolder();
  writeFileSync(join(from.path, 'a'), 'bytes');
  const { bucket, options } = await createTestBucket();
  const { hostname, port } = new URL(options.apiEndpoint);
  const proxy = await createProxy(context, Number(port), hostname);
  const through = { ...options, apiEndpoint: `http://127.0.0.1:${proxy.port}` };
  const first = await runUpload({ options, folder: from.path }, 'input.zip');
  const input = (await bucket.stat('input.zip')) ?? assert.fail(first.output);

  proxy.close();
  const upload = runUpload({ options: through, folder: from.path }, 'output.zip');
  const download = runDownload({ options: through, folder: to.path }, input);
  await sleep(AWAY_MS);
  proxy.open();
  const [sent, fetched] = await Promise.all([upload, download]);
  assert.deepEqual([sent.report?.ok, fetched.report?.ok], [true, true], sent.output + fetched.output);
  assert.equal((await bucket.stat('output.zip'))?.crc32c, input.crc32c);
});
