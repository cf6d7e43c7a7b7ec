import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { firstAtLast } from '../../../bucket/remove.ts';

test('the first by name is removed when all others are: who does not find it may know that none is left', async () => {
  const removed: string[] = [];
  await firstAtLast(['p/0', 'p/1', 'p/2'], async (name) => {
    // The first one would win any race.
    if (name !== 'p/0') await turn();
    removed.push(name);
  });
  assert.deepEqual([removed.length, removed.at(-1)], [3, 'p/0']);
});
