import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTolerationAllowed } from '../../../config/allowed.ts';
import type { Toleration } from '../../../workflows/parameters.ts';

/** What is allowed, a toleration that tolerates no more than that, and one that does. */
const CASES: readonly (readonly [string, Toleration, Toleration])[] = [
  ['a', { key: 'a', operator: 'Exists' }, { key: 'b', operator: 'Exists' }],
  ['a', { key: 'a', value: 'x' }, { operator: 'Exists' }],
  ['a=x', { key: 'a', value: 'x' }, { key: 'a', value: 'y' }],
  ['a=x', { key: 'a', operator: 'Equal', value: 'x', effect: 'NoExecute' }, { key: 'a', operator: 'Exists' }],
  ['a=', { key: 'a' }, { key: 'a', value: 'x' }],
  ['a:NoSchedule', { key: 'a', operator: 'Exists', effect: 'NoSchedule' }, { key: 'a', operator: 'Exists' }],
  ['a=x:NoSchedule', { key: 'a', value: 'x', effect: 'NoSchedule' }, { key: 'a', value: 'x', effect: 'NoExecute' }],
  ['example.com/a', { key: 'example.com/a', value: '1' }, { key: 'example.com/ab', value: '1' }],
];

for (const [allowed, narrow, wide] of CASES) {
  test(`${allowed} allows ${JSON.stringify(narrow)}, and not ${JSON.stringify(wide)}`, () => {
    assert.equal(isTolerationAllowed(narrow, [allowed]), true);
    assert.equal(isTolerationAllowed(wide, [allowed]), false);
    assert.equal(isTolerationAllowed(wide, ['other', '*']), true);
    assert.equal(isTolerationAllowed(narrow, []), false);
  });
}

test('any entry of several may allow a toleration', () => {
  assert.equal(isTolerationAllowed({ key: 'b', value: 'y' }, ['a=x', 'b=y']), true);
});
