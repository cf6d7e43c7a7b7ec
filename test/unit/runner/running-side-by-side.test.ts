import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runPool } from '../../runner/pool.ts';

/** Runs items `group:limit`, and keeps what ran at one time. */
async function sideBySide(items: readonly string[], limit: number): Promise<readonly (readonly string[])[]> {
  const running: string[] = [];
  const seen: string[][] = [];
  const all = items.map((item) => ({ group: item.split(':')[0] ?? '', limit: Number(item.split(':')[1]) }));
  await runPool(all, limit, async ({ group }) => {
    running.push(group);
    seen.push(running.toSorted());
    await nextTurn();
    running.splice(running.indexOf(group), 1);
  });
  return seen;
}

test('a pool runs as many as its limit, and of a group as many as the limit of the group', async () => {
  const seen = await sideBySide(['a:1', 'a:1', 'a:1', 'b:2', 'b:2', 'b:2'], 3);
  assert.equal(seen.length, 6);
  assert.equal(Math.max(...seen.map(({ length }) => length)), 3);
  for (const running of seen) {
    assert.ok(running.filter((group) => group === 'a').length <= 1, running.join());
    assert.ok(running.filter((group) => group === 'b').length <= 2, running.join());
  }
});

test('an item whose group is full does not hold others back', async () => {
  const [, second] = await sideBySide(['a:1', 'a:1', 'b:1'], 2);
  assert.deepEqual(second, ['a', 'b']);
});

test('nothing is started after an error', async () => {
  const started: number[] = [];
  const items = [1, 2, 3].map((number) => ({ number, group: 'a', limit: 1 }));
  const work = ({ number }: { number: number }) => {
    started.push(number);
    return Promise.reject(new Error(`broken by ${number}`));
  };
  await assert.rejects(runPool(items, 2, work), /broken by 1/);
  assert.deepEqual(started, [1]);
});
