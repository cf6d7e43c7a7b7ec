import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Failure } from '../../../workflows/contract.ts';
import type { Observation, ObservedStage, Trouble } from '../../../workflows/observation.ts';
import { verdictOf } from '../../../workflows/verdict.ts';
import type { Waiting } from '../../../workflows/verdict.ts';
import { anObservation } from '../../support/objects.ts';
import { runs } from '../../support/properties.ts';

const STAGES: readonly ObservedStage[] = [
  'pending',
  'downloading',
  'downloaded',
  'running',
  'succeeded',
  'failed',
  'missing',
];
const failure: Failure = { reason: 'ImageNotFound', phase: 'starting', message: 'not found', retryable: false };

const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  patience: fc.constantFrom('now', 'grace', 'wait'),
  failure: fc.constant(failure),
});

const anyObservation: fc.Arbitrary<Observation> = fc
  .record(
    { stage: fc.constantFrom(...STAGES), trouble: anyTrouble, role: fc.constantFrom('task', 'cleanup') },
    { requiredKeys: ['stage', 'role'] },
  )
  .map((change) => anObservation(change));

const anyTimeoutMs = fc.integer({ min: 1, max: 100_000_000 });
const anyPastMs = fc.integer({ min: 0, max: 200_000_000 });
const NOW_MS = 1_527_121_793_000;

const anyWaiting: fc.Arbitrary<Omit<Waiting, 'role'>> = fc
  .record({
    deadlines: fc.record({ startTimeoutMs: anyTimeoutMs, runTimeoutMs: anyTimeoutMs, transferTimeoutMs: anyTimeoutMs }),
    sinceMs: anyPastMs,
    troubledMs: fc.option(anyPastMs, { nil: undefined }),
  })
  .map(({ deadlines, sinceMs, troubledMs }) => ({
    deadlines,
    nowMs: NOW_MS,
    sinceMs: NOW_MS - sinceMs,
    troubledMs: troubledMs === undefined ? undefined : NOW_MS - troubledMs,
  }));

/** The verdict about `observation` when nothing has changed for `laterMs`. */
function verdictLater(observation: Observation, waiting: Omit<Waiting, 'role'>, laterMs: number) {
  const { role } = observation;
  const troubledMs = waiting.troubledMs ?? waiting.nowMs;
  return verdictOf(observation, { ...waiting, role, troubledMs, nowMs: waiting.nowMs + laterMs });
}

test('a wait is for some time, and when that has passed it is over', () => {
  fc.assert(
    fc.property(anyObservation, anyWaiting, (observation, waiting) => {
      const verdict = verdictLater(observation, waiting, 0);
      if (verdict.kind !== 'wait') return;
      assert.ok(verdict.waitMs > 0 && Number.isFinite(verdict.waitMs), `${verdict.waitMs}`);
      assert.equal(verdictLater(observation, waiting, verdict.waitMs - 1).kind, 'wait');
      assert.match(verdictLater(observation, waiting, verdict.waitMs).kind, /failed|overdue/);
    }),
    runs(1000),
  );
});

test('what has ended at one time has ended in the same way at any later time', () => {
  fc.assert(
    fc.property(anyObservation, anyWaiting, anyPastMs, (observation, waiting, laterMs) => {
      const verdict = verdictLater(observation, waiting, 0);
      if (verdict.kind === 'wait') return;
      const later = verdictLater(observation, waiting, laterMs);
      assert.ok(later.kind !== 'wait');
      assert.deepEqual(later.kind === 'succeeded' || later.failure, verdict.kind === 'succeeded' || verdict.failure);
    }),
    runs(1000),
  );
});

test('an end is told at once, whatever the time', () => {
  fc.assert(
    fc.property(anyObservation, anyWaiting, (observation, waiting) => {
      const { kind } = verdictLater(observation, waiting, 0);
      if (observation.stage === 'succeeded') assert.equal(kind, 'succeeded');
      else assert.notEqual(kind, 'succeeded');
      if (observation.stage === 'failed' || observation.stage === 'missing') assert.equal(kind, 'failed');
    }),
    runs(500),
  );
});
