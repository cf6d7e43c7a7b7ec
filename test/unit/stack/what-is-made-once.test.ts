import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { cached, cacheFolder } from '../../../deploy/local/cache.ts';
import { temporaryFolder } from '../../support/temporary-stack.ts';

async function emptyCache(context: TestContext): Promise<void> {
  process.env['XDG_CACHE_HOME'] = await temporaryFolder(context);
}

test('a thing of the cache is made once', async (context) => {
  await emptyCache(context);
  let made = 0;
  const make = async (folder: string) => writeFile(join(folder, 'content'), `${(made += 1)}`);
  const first = await cached('server', 'v1', make);
  assert.equal(await cached('server', 'v1', make), first);
  assert.deepEqual(await readdir(first), ['content']);
  assert.equal(made, 1);
});

test('two makers at once make it once', async (context) => {
  await emptyCache(context);
  let made = 0;
  const make = async () => {
    made += 1;
    await sleep(100);
  };
  const [one, two] = await Promise.all([cached('server', 'v1', make), cached('server', 'v1', make)]);
  assert.equal(one, two);
  assert.equal(made, 1);
});

test('a new version is made beside the old one', async (context) => {
  await emptyCache(context);
  const make = () => Promise.resolve();
  assert.notEqual(await cached('server', 'v1', make), await cached('server', 'v2', make));
});

test('what failed half-way is not there, and the next maker starts from nothing', async (context) => {
  await emptyCache(context);
  const fail = async (folder: string) => {
    await writeFile(join(folder, 'half'), '');
    throw new Error('interrupted');
  };
  await assert.rejects(cached('server', 'v1', fail), /interrupted/);
  const folder = await cached('server', 'v1', (part) => writeFile(join(part, 'whole'), ''));
  assert.deepEqual(await readdir(folder), ['whole']);
  assert.deepEqual((await readdir(cacheFolder())).sort(), ['server-v1', 'server.lock']);
});
