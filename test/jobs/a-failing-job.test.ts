import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variants } from '../support/variants.ts';
import { zipOf } from '../support/zip-entries.ts';
import { aName, logOf, runJob, shellJob } from '../support/job-client.ts';
import { assertWorldAfter } from '../support/world.ts';

variants('claims', 'one-pod', 'signed-urls');

test('a container that exits with another code than 0 fails the job, with the code and the log', async () => {
  const job = await runJob(aName('exit-3'), shellJob('echo before the end; exit 3'));
  assert.deepEqual([job.status, job.exit_code, job.failure?.reason], ['failed', 3, 'UserError']);
  assert.equal(await logOf(job.id), 'before the end\n');
  assert.equal(job.output_file_url, undefined);
  await assertWorldAfter(job);
});

test('a process that dies by a signal is told with its number and its name', async () => {
  const job = await runJob(aName('segv'), shellJob('sh -c "kill -SEGV \\$\\$"; exit $?'));
  assert.deepEqual(
    [job.failure?.reason, job.failure?.signal, job.exit_code],
    ['UserError', 11, 139],
    JSON.stringify(job),
  );
  assert.match(job.failure?.message ?? '', /SIGSEGV/);
  await assertWorldAfter(job);
});

test('a container that takes more memory than its limit fails as OOMKilled', async () => {
  const resources = { limits: { memory: '32Mi' }, requests: { memory: '32Mi' } };
  const job = await runJob(aName('oom'), shellJob('exec tail -c 500000000 /dev/zero', { resources }));
  assert.deepEqual([job.status, job.failure?.reason], ['failed', 'OOMKilled'], JSON.stringify(job));
  assert.match(job.failure?.hint ?? '', /memory/);
  await assertWorldAfter(job);
});

test('a memory limit that is too low to start the container fails the job as OOMKilled, long before the start deadline', async () => {
  const job = await runJob(aName('too-low'), shellJob('true', { resources: { limits: { memory: '1Mi' } } }));
  assert.deepEqual([job.status, job.failure?.reason], ['failed', 'OOMKilled'], JSON.stringify(job));
  assert.match(job.failure?.hint ?? '', /resources\.limits\.memory/);
  await assertWorldAfter(job);
});

for (const [command, exitCode, fault] of [
  ['/no/such/command', 127, 'is not in the image'],
  ['no-such-command', 127, 'is not in the image'],
  ['/etc', 126, 'is not executable in the image'],
] as const) {
  test(`the command ${command}, which cannot be run, fails the job with ${exitCode}`, async () => {
    const job = await runJob(aName('no-command'), shellJob('', { command: [command] }));
    const { status, exit_code: code, failure } = job;
    assert.deepEqual(
      [status, failure?.reason, code, failure?.message],
      ['failed', 'UserError', exitCode, `the command "${command}" ${fault}`],
      JSON.stringify(job),
    );
    await assertWorldAfter(job);
  });
}

test('an input whose contents are not what its directory says fails the job before the task runs', async () => {
  const content = 'so it was written '.repeat(20);
  const sound = await zipOf({ 'damaged.txt': { content, isCompressed: false } });
  const zip = Buffer.from(sound.toString('latin1').replace('so it was', 'so it got'), 'latin1');
  const job = await runJob(aName('damaged'), shellJob('echo never'), zip);
  assert.deepEqual(
    [job.status, job.failure?.reason, job.failure?.container],
    ['failed', 'InputInvalid', 'input'],
    JSON.stringify(job),
  );
  assert.match(job.failure?.message ?? '', /damaged\.txt/);
  assert.match(await logOf(job.id, '?container=input'), /InputInvalid/);
  await assertWorldAfter(job);
});
