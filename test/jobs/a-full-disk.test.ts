import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { aName, downloadOutput, logOf, runJob, shellJob } from '../support/job-client.ts';
import { LIMITED_CLASS, makeLimitedClass } from '../support/limited-storage.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

const storage = { class: LIMITED_CLASS, size: '4Mi' };

describe('a job whose disk is full', { concurrency: 2 }, () => {
  before(makeLimitedClass);

  test('fails by the exit code of its task when that fills /output, and what fitted is kept if it asks for it', async () => {
    const script = 'echo first > /output/first; cat /dev/zero > /output/zeros';
    const job = await runJob(aName('full-output'), shellJob(script, { storage, outputs_on: 'always' }));
    assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 1], JSON.stringify(job));
    assert.match(await logOf(job.id), /No space left on device/);
    const { first, zeros } = await entriesOf(await downloadOutput(job));
    assert.equal(first?.content, 'first\n');
    assert.ok((zeros?.content.length ?? 0) > 3 * 1024 ** 2);
    await assertWorldAfter(job);
  });

  test('fails as DiskFull when its input does not fit into /input', async () => {
    // Each takes a whole block, which the zip does not tell.
    const files = Array.from({ length: 2_000 }, (_, index) => [`${index}`, { content: 'x' }] as const);
    const input = await zipOf(Object.fromEntries(files));
    const job = await runJob(aName('full-input'), shellJob('true', { storage }), input);
    const { status, failure } = job;
    assert.deepEqual(
      [status, failure?.reason, failure?.container],
      ['failed', 'DiskFull', 'input'],
      JSON.stringify(job),
    );
    await assertWorldAfter(job);
  });
});
