import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balanceOf } from '../../../workflows/balance.ts';
import type { Reconciled } from '../../../workflows/balance.ts';

const NOTHING: Reconciled = {
  ...{ removed: {}, left: 0, refused: [], stuck: [], foreign: { count: 0, names: [] } },
  ...{ healed: 0, endless: [], finished: [], unfinished: [] },
};

test('a run that finds nothing comes to nothing', () => {
  assert.deepEqual(balanceOf(NOTHING), { found: 0, repaired: 0, stuck: 0, foreign: 0 });
});

test('what is removed, healed and finished is repaired; what is left was found all the same', () => {
  const run = { ...NOTHING, removed: { Job: ['a', 'b'], Pod: ['c'] }, left: 4, healed: 10, finished: ['d'] };
  assert.deepEqual(balanceOf({ ...run, endless: ['e'] }), { found: 19, repaired: 14, stuck: 0, foreign: 0 });
});

test('what cannot be removed or ended is stuck, and what another may have made is foreign', () => {
  const stuck = [{ kind: 'Job' as const, name: 'a', finalizers: [] }];
  const run = {
    ...NOTHING,
    stuck,
    refused: ['b'],
    left: 1,
    unfinished: ['c: why'],
    foreign: { count: 200, names: [] },
  };
  assert.deepEqual(balanceOf(run), { found: 2, repaired: 0, stuck: 3, foreign: 200 });
});
