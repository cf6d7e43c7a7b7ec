import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatness } from '../../bench/scale/memory.ts';
import { mostPassed } from '../../bench/scale/order.ts';
import type { Accepted } from '../../bench/scale/posting.ts';

/** Each was sent when the one before had been answered. */
const inTurn = (ids: string, owner = 'ada'): Accepted[] =>
  [...ids].map((id, at) => ({ id, owner, sentMs: 10 * at, answeredMs: 10 * at + 5 }));

test('jobs that begin in the order in which they came have passed nobody', () => {
  assert.equal(mostPassed(inTurn('abcde'), [...'abcde']), 0);
  assert.equal(mostPassed(inTurn('abcde'), [...'ab']), 0);
  assert.equal(mostPassed([], []), 0);
});

test('a job has passed all that came earlier and have not begun, whether they begin later or never', () => {
  assert.equal(mostPassed(inTurn('abcde'), [...'dabce']), 3);
  assert.equal(mostPassed(inTurn('abcde'), [...'ad']), 2);
});

test('jobs that were sent at one time may begin in any order', () => {
  const atOnce = [...'abc'].map((id) => ({ id, owner: 'ada', sentMs: 0, answeredMs: 5 }));
  assert.equal(mostPassed(atOnce, [...'cba']), 0);
});

test('owners do not wait for one another', () => {
  const accepted = [...inTurn('abc'), ...inTurn('xyz', 'bea')];
  assert.equal(mostPassed(accepted, [...'xyzabc']), 0);
  assert.equal(mostPassed(accepted, [...'xzyabc']), 1);
});

test('memory is compared between the last tenth of a burst and the second one', () => {
  const samples = [0, 5, 15, 50, 95, 100].map((jobs) => ({ jobs, bytes: jobs < 10 ? 1 : 100 + jobs }));
  assert.equal(flatness(samples, 100), 197.5 / 115);
  assert.ok(Number.isNaN(flatness([], 100)));
});
