import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EVERY_FAULT, targetOf, told } from '../../faults/fault.ts';
import { JOB_KINDS } from '../../faults/jobs.ts';
import { planOf } from '../../faults/plan.ts';

const SEEDS = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const MINUTES = fc.integer({ min: 1, max: 30 });

test('the same seed gives the same plan', () => {
  fc.assert(
    fc.property(SEEDS, MINUTES, (seed, minutes) => {
      assert.deepEqual(planOf(seed, minutes * 60_000), planOf(seed, minutes * 60_000));
    }),
    { numRuns: 20 },
  );
});

test('every fault comes once before one comes again, processes and links alike, and none of them has two at a time', () => {
  fc.assert(
    fc.property(SEEDS, (seed) => {
      const { rounds } = planOf(seed, 600_000);
      for (const { faults } of rounds) assert.equal(new Set(faults.map(targetOf)).size, faults.length);
      const first = rounds.flatMap(({ faults }) => faults).slice(0, EVERY_FAULT.length);
      assert.deepEqual(first.map(told).sort(), EVERY_FAULT.map(told).sort());
    }),
    { numRuns: 50 },
  );
});

test('every kind of job comes before one comes again, within the time of the run', () => {
  fc.assert(
    fc.property(SEEDS, (seed) => {
      const { jobs } = planOf(seed, 300_000);
      assert.equal(new Set(jobs.slice(0, JOB_KINDS.length).map(({ kind }) => kind)).size, JOB_KINDS.length);
      for (const { afterMs } of jobs) assert.ok(afterMs >= 0 && afterMs <= 300_000);
    }),
    { numRuns: 50 },
  );
});
