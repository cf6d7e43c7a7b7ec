import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { required } from '../support/environment.ts';
import { gated, openGate } from '../support/gated-job.ts';
import { aName, call } from '../support/job-client.ts';
import { ktr } from '../support/ktr.ts';
import { createTestFolder, describeTree } from '../support/trees.ts';
import { assertWorldAfter } from '../support/world.ts';

const IMAGE = required('IMAGE_BUSYBOX');

test('`ktr run` sends a folder, shows the log, brings the output as a folder, and ends with 0', async () => {
  using folder = createTestFolder();
  mkdirSync(join(folder.path, 'data', 'in'), { recursive: true });
  writeFileSync(join(folder.path, 'data', 'a.txt'), 'one\n');
  writeFileSync(join(folder.path, 'data', 'in', 'b.txt'), 'two\n');
  writeFileSync(join(folder.path, 'data', 'c.log'), 'three\n');
  writeFileSync(join(folder.path, 'data', '.ktrignore'), '*.log\n');
  const name = aName('ktr-run');
  const links = 'ln -s copy/a.txt /output/latest; ln -s /etc/passwd /output/outside';
  const script = `echo "hello $WHO"; find /input | sort; cp -r /input /output/copy; ${links}`;
  const args = ['run', '--image', IMAGE, '--name', name, '--input', 'data', '--output', 'result', '--env', 'WHO=you'];

  const run = ktr([...args, '--', 'sh', '-c', gated(script, 'true')], { cwd: folder.path });
  const isRunning = async () => (await call('GET', `/batch/${name}`)).body.data.phase === 'running';
  assert.ok(await becomesTrue(isRunning, 60_000));
  await openGate({ name });
  const { code, stdout, stderr } = await run;

  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'hello you\n/input\n/input/a.txt\n/input/in\n/input/in/b.txt\n');
  assert.deepEqual(Object.keys(describeTree(join(folder.path, 'result'))), [
    'copy',
    'copy/a.txt',
    'copy/in',
    'copy/in/b.txt',
    'latest',
  ]);
  assert.equal(readlinkSync(join(folder.path, 'result', 'latest')), 'copy/a.txt');
  assert.equal(readFileSync(join(folder.path, 'result', 'copy', 'in', 'b.txt'), 'utf8'), 'two\n');
  for (const told of [name, 'running', 'left out of the output: 1 (', 'succeeded', 'output: result/'])
    assert.ok(stderr.includes(told), stderr);
  await assertWorldAfter((await call('GET', `/batch/${name}`)).body.data);
});

test('the input of an earlier job is taken again by its name', async () => {
  using folder = createTestFolder();
  writeFileSync(join(folder.path, 'a.txt'), 'one');
  const name = aName('ktr-first');
  const first = await ktr(['run', '--image', IMAGE, '--name', name, '--input', folder.path, '--', 'false']);
  assert.equal(first.code, 1, first.stderr);
  const again = await ktr(['run', '--image', IMAGE, '--input', `job:${name}`, '--', 'cat', '/input/a.txt']);
  assert.deepEqual([again.code, again.stdout], [0, 'one'], again.stderr);
});

test('an output may be brought as a zip, and nothing that is there is ever replaced', async () => {
  using folder = createTestFolder();
  const args = ['run', '--image', IMAGE, '--output', 'result.zip', '--', 'sh', '-c', 'echo a >/output/a'];
  const first = await ktr(args, { cwd: folder.path });
  assert.equal(first.code, 0, first.stderr);
  assert.equal(readFileSync(join(folder.path, 'result.zip')).subarray(0, 2).toString(), 'PK');

  const second = await ktr(args, { cwd: folder.path });
  assert.equal(second.code, 125);
  assert.match(second.stderr, /result\.zip is there already and is not replaced/);
});

test('a request of a file is sent, and options go over it', async () => {
  using folder = createTestFolder();
  writeFileSync(
    join(folder.path, 'job.yaml'),
    `job_parameters:\n  docker_image: ${IMAGE}\n  args: [sh, -c, 'echo $A $B']\n  environment_variables: {A: file, B: file}\n`,
  );
  const { code, stdout, stderr } = await ktr(['run', '--file', 'job.yaml', '--env', 'B=option'], { cwd: folder.path });
  assert.deepEqual([code, stdout], [0, 'file option\n'], stderr);
});
