import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aName, downloadOutput, logOf, runJob, shellJob } from '../support/job-client.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

const WRITES_AND_STAYS =
  'echo started; echo half > /output/half.txt; trap "echo last words; exit 0" TERM; sleep 600 & wait';

describe('a task that runs for too long', { concurrency: 2 }, () => {
  test('fails the job, with its log to the last line, and leaves no output', async () => {
    const job = await runJob(aName('late'), shellJob(WRITES_AND_STAYS, { timeout_seconds: 3 }));
    assert.deepEqual([job.status, job.failure?.reason, job.failure?.container], ['failed', 'RunTimeout', 'task']);
    assert.deepEqual([job.exit_code, job.output], [undefined, undefined]);
    assert.equal(await logOf(job.id), 'started\nlast words\n');
    await assertWorldAfter(job);
  });

  test('fails the job, and what it wrote until then is kept when that is wanted', async () => {
    const parameters = shellJob(WRITES_AND_STAYS, { timeout_seconds: 3, outputs_on: 'always' });
    const job = await runJob(aName('late-kept'), parameters);
    assert.deepEqual([job.status, job.failure?.reason, job.output?.complete], ['failed', 'RunTimeout', false]);
    const files = await entriesOf(await downloadOutput(job));
    assert.equal(files['half.txt']?.content, 'half\n');
    assert.equal(await logOf(job.id), 'started\nlast words\n');
    await assertWorldAfter(job);
  });
});

describe('a task that fails', { concurrency: 2 }, () => {
  test('leaves its output, marked as not complete, when that is wanted', async () => {
    const parameters = shellJob('echo half > /output/half.txt; exit 3', { outputs_on: 'always' });
    const job = await runJob(aName('failed-kept'), parameters);
    assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 3]);
    assert.equal(job.output?.complete, false);
    assert.equal((await entriesOf(await downloadOutput(job)))['half.txt']?.content, 'half\n');
    assert.match(await logOf(job.id, '?container=cleanup'), /uploaded/);
    await assertWorldAfter(job);
  });

  test('has failed by its own cause, also when its output cannot be kept whole', async () => {
    // Root's own file that nobody may read: the transfer has no right to pass over that.
    const script = 'echo secret > /output/a; chmod 0000 /output/a; exit 3';
    const job = await runJob(aName('failed-lost'), shellJob(script, { outputs_on: 'always' }));
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'UserError']);
    assert.deepEqual([job.output?.complete, job.output?.files], [false, 0]);
    await assertWorldAfter(job);
  });
});
