import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { required } from '../support/environment.ts';
import { gated, openGate } from '../support/gated-job.ts';
import { aName, until } from '../support/job-client.ts';
import { ktr } from '../support/ktr.ts';
import { createTestFolder } from '../support/trees.ts';
import { zipOf } from '../support/zip-entries.ts';

const IMAGE = required('IMAGE_BUSYBOX');

async function submitted(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ktr(['submit', '--image', IMAGE, ...args]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^[0-9a-f-]{36}\n$/);
  return stdout.trim();
}

test('a job is submitted, waited for, read and brought by its id', async () => {
  using folder = createTestFolder();
  const id = await submitted('--', 'sh', '-c', 'echo said; echo kept >/output/a');
  const waited = await ktr(['wait', id, '--timeout', '5m']);
  assert.equal(waited.code, 0, waited.stderr);
  assert.equal((await ktr(['logs', id])).stdout, 'said\n');
  const brought = await ktr(['download', id, 'out'], { cwd: folder.path });
  assert.equal(brought.code, 0, brought.stderr);
  assert.equal(readFileSync(join(folder.path, 'out', 'a'), 'utf8'), 'kept\n');
});

test('a zip is sent from standard input', async () => {
  const zip = await zipOf({ 'a.txt': { content: 'from stdin' } });
  const run = await ktr(['run', '--image', IMAGE, '--input', '-', '--', 'cat', '/input/a.txt'], { stdin: zip });
  assert.deepEqual([run.code, run.stdout], [0, 'from stdin'], run.stderr);
});

test('a job is listed and shown as a table, by name, as JSON and as YAML', async () => {
  const name = aName('listed');
  const id = await submitted('--name', name, '--label', `test=${name}`, '--', 'true');
  await ktr(['wait', id]);
  const list = async (...args: readonly string[]) => (await ktr(['ls', '--label', `test=${name}`, ...args])).stdout;
  assert.match(await list(), new RegExp(`^NAME +STATUS .*\\n${name} +succeeded .*\\n$`));
  assert.match(await list('-o', 'wide'), new RegExp(`${id}.*${IMAGE}`));
  assert.equal(await list('-o', 'name'), `${name}\n`);
  assert.deepEqual(
    (JSON.parse(await list('-o', 'json')) as { id: string }[]).map((job) => job.id),
    [id],
  );
  const shown = parse((await ktr(['get', name, '-o', 'yaml'])).stdout) as { id: string; status: string };
  assert.deepEqual([shown.id, shown.status], [id, 'succeeded']);
  assert.match((await ktr(['get', name])).stdout, new RegExp(`^Name: +${name}\\nId: +${id}\\nStatus: +succeeded\\n`));
});

test('a job is killed, and nothing is left of it when `ktr kill` ends', async () => {
  const id = await submitted('--grace', '1s', '--', 'sleep', '600');
  const killed = await ktr(['kill', id]);
  assert.equal(killed.code, 0, killed.stderr);
  assert.match(killed.stderr, /killed\n$/);
  assert.equal((await ktr(['wait', id])).code, 137);
});

test('a log is followed until the task ends', async () => {
  const id = await submitted('--', 'sh', '-c', gated('seq 3', 'echo 4'));
  await ktr(['logs', id]); // not there yet, or not whole
  const job = await until(id, ({ phase }) => phase === 'running');
  const followed = ktr(['logs', '--follow', id]);
  await openGate(job);
  assert.equal((await followed).stdout, '1\n2\n3\n4\n');
});

test('a log is followed from before its container runs', async () => {
  const id = await submitted('--', 'sh', '-c', 'echo one; sleep 1; echo two');
  const { code, stdout, stderr } = await ktr(['logs', '--follow', id]);
  assert.deepEqual([code, stdout], [0, 'one\ntwo\n'], stderr);
});

test('it is explained why a job failed', async () => {
  const id = await submitted('--', 'false');
  await ktr(['wait', id]);
  assert.match(
    (await ktr(['explain', id])).stdout,
    /is failed\.\nIt failed while it was running: UserError, [^]*`ktr logs/,
  );
});

test('a job that takes longer than somebody waits goes on', async () => {
  const id = await submitted('--grace', '1s', '--', 'sleep', '600');
  const waited = await ktr(['wait', id, '--timeout', '1s']);
  assert.equal(waited.code, 124);
  assert.match(waited.stderr, /still going on/);
  await ktr(['kill', id]);
});
