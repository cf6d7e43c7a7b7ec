import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spansOf } from '../../../workflows/spans.ts';

test('each phase lasts until the next one, and the last until the end', () => {
  assert.deepEqual(
    spansOf({ preparing: 0, starting: 100, running: 300 }, 1000).map(({ phase, fromMs, toMs }) => [
      phase,
      toMs - fromMs,
    ]),
    [
      ['preparing', 100],
      ['starting', 200],
      ['running', 700],
    ],
  );
});

test('phases of one moment stand in the order in which jobs go through them', () => {
  assert.deepEqual(
    spansOf({ starting: 5, preparing: 5 }, 10).map(({ phase }) => phase),
    ['preparing', 'starting'],
  );
});

test('a job that tells no times has no time line', () => {
  assert.deepEqual(spansOf({}, 1), []);
});
