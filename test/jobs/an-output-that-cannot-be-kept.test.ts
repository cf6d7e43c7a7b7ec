import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { required } from '../support/environment.ts';
import { aName, logOf, runJob, shellJob } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';

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

  test('that nobody may read fails the job, and names the file', async () => {
    const job = await runJob(
      aName('unreadable'),
      shellJob('echo a > /output/secret.txt; chmod 0000 /output/secret.txt'),
    );
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'OutputUploadFailed'], JSON.stringify(job));
    assert.match(job.failure?.message ?? '', /secret\.txt/);
    await assertWorldAfter(job);
  });
});
