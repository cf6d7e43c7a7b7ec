import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { required } from '../support/environment.ts';
import { aName, downloadOutput, logOf, runJob, shellJob } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

describe('an output', { concurrency: 2 }, () => {
  test('that is larger than allowed fails the job, before it is read', async () => {
    const maxBytes = Number(required('JOB_MAX_OUTPUT_BYTES'));
    const job = await runJob(aName('too-large'), shellJob(`truncate -s ${maxBytes + 1} /output/hole`));
    assert.deepEqual(
      [job.status, job.failure?.reason, job.failure?.container, job.exit_code],
      ['failed', 'OutputTooLarge', 'cleanup', 0],
      JSON.stringify(job),
    );
    assert.match(job.failure?.message ?? '', new RegExp(String(maxBytes)));
    assert.match(await logOf(job.id, '?container=cleanup'), /OutputTooLarge/);
    await assertWorldAfter(job);
  });

  test('with a file that nobody may read fails the job once, names the file, and keeps the rest', async () => {
    const script = 'echo a > /output/secret.txt; echo b > /output/b.txt; chmod 0000 /output/secret.txt';
    const job = await runJob(aName('unreadable'), shellJob(script, { retry: { backoff_seconds: 0 } }));
    const { status, failure, attempts, output, exit_code: exitCode } = job;
    assert.deepEqual(
      [status, failure?.reason, failure?.retryable, attempts, output?.complete, exitCode],
      ['failed', 'OutputUploadFailed', false, undefined, false, 0],
      JSON.stringify(job),
    );
    assert.match(failure?.message ?? '', /secret\.txt" belongs to user 0 and may not be read$/);
    assert.match(failure?.hint ?? '', /chmod/);
    assert.deepEqual(Object.keys(await entriesOf(await downloadOutput(job))), ['b.txt']);
    await assertWorldAfter(job);
  });

  test('with private files of two owners keeps those of one, and names one of the other', async () => {
    const script =
      'cd /output; for n in 1 2; do echo $n > $n.txt; chown 100$n $n.txt; chmod 600 $n.txt; done; echo > open';
    const job = await runJob(aName('two-owners'), shellJob(script, { retry: {} }));
    const { status, failure, attempts, output } = job;
    assert.deepEqual(
      [status, failure?.reason, attempts, output?.complete],
      ['failed', 'OutputUploadFailed', undefined, false],
      JSON.stringify(job),
    );
    assert.match(failure?.message ?? '', /[12]\.txt" belongs to user 100[12] and may not be read/);
    assert.ok(Object.keys(await entriesOf(await downloadOutput(job))).includes('open'));
    await assertWorldAfter(job);
  });
});
