import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { test } from 'node:test';
import { entriesOf, zipOf } from '../support/zip-entries.ts';
import { aName, downloadOutput, logOf, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import type { JobPhase } from '../../workflows/contract.ts';
import { assertWorldAfter } from '../support/world.ts';

/** What a transfer container says meanwhile. */
const PROGRESS: Partial<Record<JobPhase, RegExp>> = { downloading: /fetch|unpack/, uploading: /pack/ };

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

test('2 GB pass the transfer containers, whose memory is limited to 128 MiB', async () => {
  // The library that makes the zip takes a gigabyte a file at most.
  const content = Buffer.alloc(1024 ** 3 - 1);
  const zip = await zipOf({ first: { content }, second: { content } });
  const parameters = shellJob('cp /input/* /output && cat /output/* | wc -c');
  const { body } = await submit(aName('two-gigabytes'), parameters, zip);
  // Meanwhile it says how far it is. Of one of its containers it may not know: a node that is busy may tell only of its end.
  await until(body.data.id, ({ phase, explain = '' }) => PROGRESS[phase]?.test(explain) === true);
  const job = await untilEnded(body.data.id);
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  assert.equal((await logOf(job.id)).trim(), String(2 * content.length));
  assert.deepEqual([job.output?.files, job.output?.complete], [2, true]);
  await assertWorldAfter(job);
});
