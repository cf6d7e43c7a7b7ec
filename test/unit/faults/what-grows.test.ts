import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthsIn } from '../../faults/growth.ts';
import type { Sample } from '../../faults/growth.ts';

const BOUNDS = { files: { ratio: 1, slack: 10 } };

function samplesOf(valueAt: (minute: number) => number | undefined, count = 30): Sample[] {
  return Array.from({ length: count }, (_, minute): Sample => {
    const value = valueAt(minute);
    return value === undefined ? {} : { files: value };
  });
}

test('what stays as it is has not grown, though it goes up and down', () => {
  assert.deepEqual(
    growthsIn(
      samplesOf((minute) => 40 + (minute % 7)),
      BOUNDS,
    ),
    [],
  );
});

test('what grows slowly and steadily has grown', () => {
  assert.deepEqual(
    growthsIn(
      samplesOf((minute) => 40 + minute),
      BOUNDS,
    ),
    ['files has grown from 45 to 65'],
  );
});

test('a rise at the end of an outage is no growth, and a restart in the middle hides none', () => {
  assert.deepEqual(
    growthsIn(
      samplesOf((minute) => (minute === 29 ? 400 : 40)),
      BOUNDS,
    ),
    [],
  );
  const missing = samplesOf((minute) => (minute % 3 === 0 ? undefined : 40 + minute));
  assert.equal(growthsIn(missing, BOUNDS).length, 1);
});

test('of a few samples nothing can be said', () => {
  assert.deepEqual(
    growthsIn(
      samplesOf((minute) => minute * 100, 8),
      BOUNDS,
    ),
    [],
  );
});
