import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPieces } from '../../../cluster/whole-log.ts';
import type { PieceStore } from '../../../cluster/whole-log.ts';

const NAMES = { prefix: 'p/', first: 'p/0', end: 'p/end' };

/** A store that holds `objects`; the prefixes by which it was asked for a list. */
function aStore(...objects: readonly string[]) {
  const asked: string[] = [];
  const store: PieceStore = {
    stat: (object) => Promise.resolve(objects.includes(object) ? {} : undefined),
    list: (prefix) => (asked.push(prefix), Promise.resolve(objects)),
    read: () => assert.fail('nothing is read'),
  };
  return { store, asked };
}

test('a log without a first piece has none, and the bucket is asked for no list', async () => {
  const { store, asked } = aStore();
  assert.deepEqual([await findPieces(store, NAMES), asked], [{ objects: [], isWhole: false }, []]);
});

test('the pieces of a log are listed, and its end says that nothing is missing', async () => {
  const some = aStore('p/0', 'p/1');
  assert.deepEqual(await findPieces(some.store, NAMES), { objects: ['p/0', 'p/1'], isWhole: false });
  const all = aStore('p/0', 'p/1', 'p/end');
  assert.deepEqual(await findPieces(all.store, NAMES), { objects: ['p/0', 'p/1'], isWhole: true });
  assert.deepEqual(all.asked, ['p/']);
});
