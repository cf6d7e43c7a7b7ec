import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costsOf } from '../../bench/scale/costs.ts';
import { growthExponent } from '../../bench/scale/growth.ts';

const near = (value: number) => Math.round(value * 1000) / 1000;

test('what stays as it is grows by the power 0, what grows as the jobs do by 1', () => {
  const powerOf = (costAt: (jobs: number) => number) =>
    near(growthExponent([500, 1_000, 5_000].map((jobs) => ({ jobs, cost: costAt(jobs) }))));
  assert.deepEqual([powerOf(() => 7), powerOf((jobs) => jobs / 10), powerOf((jobs) => 3 * jobs ** 2)], [0, 1, 2]);
});

test('what is measured with some noise is fitted by least squares', () => {
  const points = [
    { jobs: 1, cost: 1 },
    { jobs: Math.E, cost: Math.E ** 2 },
    { jobs: Math.E ** 2, cost: Math.E },
  ];
  assert.equal(near(growthExponent(points)), 0.5);
});

test('growth of one number of jobs, and of nothing, is refused', () => {
  const one = { jobs: 500, cost: 3 };
  assert.throws(() => growthExponent([]), /two numbers of jobs/);
  assert.throws(() => growthExponent([one, one]), /two numbers of jobs/);
  assert.throws(() => growthExponent([one, { jobs: 5_000, cost: 0 }]), /above 0/);
});

test('a cost of nothing at rest counts as the least that could have been seen', () => {
  const rest = { memoryMiB: 400, cpuPercent: 0, requestsPerSecond: 0 };
  const figures = costsOf([[{ jobs: 500, ...rest }], [{ jobs: 5_000, ...rest }]]);
  const growths = figures.filter(({ unit }) => unit === 'exponent');
  assert.deepEqual(
    growths.map(({ judged, isWithin }) => [judged.median, isWithin]),
    [
      [0, true],
      [0, true],
      [0, true],
    ],
  );
});
