import assert from 'node:assert/strict';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import { outputClaimOf } from '../../cluster/names.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { required } from '../support/environment.ts';
import { enforce } from '../support/hardened-namespace.ts';
import { aName, downloadOutput, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { kubectl, podOf } from '../support/operator.ts';
import { startOwnService } from '../support/own-service.ts';
import { variants } from '../support/variants.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

/** With the mode that Python's `writestr` gives to what it packs. */
const input = await zipOf({ 'a.txt': { content: 'from the input', mode: 0o600 } });

/** An upload in a pod of its own can run as the owner of what it sends. */
const ON_CLAIMS = { mode: 'persistent' } as const;

/** A job whose image says that it runs as user 1000. */
function nonrootJob(script: string, more: Partial<JobParameters> = {}): JobParameters {
  return shellJob(script, { docker_image: required('IMAGE_NONROOT'), ...more });
}

/** Where the node has the folder that the job sees as /output. */
async function outputFolderOf(job: PresentedJob): Promise<string> {
  const column = (path: string) => ['--no-headers', '--output', `custom-columns=P:${path}`];
  const volume = (await kubectl('get', 'pvc', outputClaimOf(job), ...column('.spec.volumeName'))).trim();
  return (await kubectl('get', 'pv', volume, ...column('.spec.local.path'))).trim();
}

async function runsWithItsInput(): Promise<void> {
  const job = await runJob(aName('nonroot'), nonrootJob('id -u > /output/user; cp /input/a.txt /output'), input);
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const output = await entriesOf(await downloadOutput(job));
  assert.deepEqual([output['user']?.content, output['a.txt']?.content], ['1000\n', 'from the input']);
  await assertWorldAfter(job);
}

async function getsItsPrivateFilesBack(): Promise<void> {
  const script = 'echo mine > /output/private; chmod 600 /output/private';
  const job = await runJob(aName('nonroot-private'), nonrootJob(script, { storage: ON_CLAIMS }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const output = await entriesOf(await downloadOutput(job));
  assert.deepEqual(output['private'], { content: 'mine\n', mode: 0o600 });
  await assertWorldAfter(job);
}

async function isRefusedAsRoot(): Promise<void> {
  const startedMs = Date.now();
  const job = await runJob(aName('root'), shellJob('true'), input);
  assert.deepEqual(
    [job.status, job.failure?.reason, job.failure?.container],
    ['failed', 'ConfigError', 'task'],
    JSON.stringify(job),
  );
  assert.match(job.failure?.message ?? '', /runAsNonRoot and image will run as root/);
  assert.match(job.failure?.hint ?? '', /USER/);
  assert.ok(Date.now() - startedMs < 60_000, 'long before its start deadline');
  await assertWorldAfter(job);
}

async function isToldOfWhatOnlyRootReads(): Promise<void> {
  const script = 'echo x > /output/x; chmod 600 /output/x; until [ -e /tmp/gate ]; do sleep 0.2; done';
  const { body } = await submit(aName('roots-file'), nonrootJob(script, { storage: ON_CLAIMS }));
  const running = await until(body.data.id, ({ phase }) => phase === 'running');
  chownSync(join(await outputFolderOf(running), 'x'), 0, 0);
  await kubectl('exec', await podOf(running), '--', 'touch', '/tmp/gate');
  const job = await untilEnded(running.id);
  assert.deepEqual([job.status, job.failure?.reason], ['failed', 'OutputUploadFailed'], JSON.stringify(job));
  assert.equal(job.output?.complete, false);
  assert.match(job.failure?.message ?? '', /\/output\/x" belongs to user 0 and may not be read$/);
  assert.match(job.failure?.hint ?? '', /chmod/);
  await assertWorldAfter(job);
}

async function endsWhenItFillsTheDisk(): Promise<void> {
  // In one pod this is more than the pod as a whole may have.
  const script = 'head -c 400000000 /dev/zero > /tmp/zeros; sleep 600';
  const job = await runJob(aName('fills'), nonrootJob(script, { storage: { size: '8Mi' } }));
  assert.deepEqual([job.status, job.failure?.reason], ['failed', 'DiskFull'], JSON.stringify(job));
  assert.match(job.failure?.message ?? '', /exceed.* limit/i);
  await assertWorldAfter(job);
}

test('in a namespace that enforces the restricted level', { concurrency: 4 }, async (context) => {
  await startOwnService(context, async (namespace) => {
    await enforce(namespace, 'restricted');
    return {};
  });
  await startWorkerProcess(context, { POD_SECURITY: 'restricted', JOB_EPHEMERAL_STORAGE: '32Mi' });
  await Promise.all([
    context.test('a job whose image is not root runs with its input, and what it wrote comes back', runsWithItsInput),
    context.test('what only the user of the task can read comes back from its claim', getsItsPrivateFilesBack),
    context.test('an image that would be root is refused at once, and its author is told what to do', isRefusedAsRoot),
    context.test('a task that fills the disk of its node is ended', endsWhenItFillsTheDisk),
    context.test('an output that only root can read is told as such', isToldOfWhatOnlyRootReads),
  ]);
});
