import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { test } from 'node:test';
import { aName, downloadOutput, runJob, shellJob } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod', 'signed-urls');

const SIZE_BYTES = 200 * 1024 ** 2;

test('200 MB that cannot be compressed go in and come out unchanged', async () => {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16)).update(Buffer.alloc(SIZE_BYTES));
  const digest = createHash('sha256').update(noise).digest('hex');
  const script = 'sha256sum /input/noise | cut -d" " -f1 > /output/digest && cp /input/noise /output/noise';
  const job = await runJob(
    aName('large'),
    shellJob(script),
    await zipOf({ noise: { content: noise, isCompressed: false } }),
  );

  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  assert.ok(job.output && job.output.bytes > SIZE_BYTES);
  const zip = await downloadOutput(job);
  assert.equal(zip.length, job.output.bytes);
  const output = await entriesOf(zip);
  assert.equal(output['digest']?.content.trim(), digest);
  assert.ok(output['noise']);
  await assertWorldAfter(job);
});
