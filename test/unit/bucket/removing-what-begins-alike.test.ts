import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Access } from '../../../bucket/access.ts';
import { removeObjects } from '../../../bucket/remove.ts';

test('the first by name is removed when all others are: who does not find it may know that none is left', async () => {
  const removed: string[] = [];
  const objects = ['p/2', 'p/0', 'p/1'].map((name) => ({ name, metadata: {} }));
  const remove = async (name: string) => {
    // The first one would win any race.
    if (name !== 'p/0') await turn();
    removed.push(name);
  };
  const bucket = {
    getFiles: () => Promise.resolve([objects]),
    file: (name: string) => ({ delete: () => remove(name) }),
  };
  const access = { library: () => Promise.resolve(bucket) } as unknown as Access;
  await removeObjects(access, 'p/');
  assert.deepEqual([removed.length, removed.at(-1)], [3, 'p/0']);
});
