import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { untilSaid } from '../../../transfer/word.ts';

/** A folder as Kubernetes keeps a volume of such files: each change is a new folder and a link that moves to it. */
async function aVolume(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'word-'));
  context.after(() => rm(folder, { recursive: true }));
  let version = 0;
  const say = async (content: string) => {
    const data = `..${version++}`;
    await mkdir(join(folder, data));
    await writeFile(join(folder, data, 'send'), content);
    await symlink(data, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await say('');
  await symlink('..data/send', join(folder, 'send'));
  return { path: join(folder, 'send'), say };
}

test('an upload waits as long as its word is empty, and begins as soon as it is there', async (context) => {
  const { path, say } = await aVolume(context);
  let isSaid = false;
  const waiting = untilSaid(path, context.signal).then(() => (isSaid = true));
  await say('');
  assert.equal(isSaid, false);
  await say('now');
  await waiting;
});

test('a word that is there already is not waited for', async (context) => {
  const { path, say } = await aVolume(context);
  await say('now');
  await untilSaid(path, context.signal);
});

test('who is stopped waits no longer', async (context) => {
  const { path } = await aVolume(context);
  const stop = new AbortController();
  const waiting = untilSaid(path, stop.signal);
  stop.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});

test('a word that can never come is an error', async (context) => {
  const { path } = await aVolume(context);
  await assert.rejects(untilSaid(`${path}.other`, context.signal), { code: 'ENOENT' });
});
