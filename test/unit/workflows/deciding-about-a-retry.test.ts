import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FAILURE_REASONS } from '../../../workflows/failure-reasons.ts';
import type { Attempt, Failure } from '../../../workflows/contract.ts';
import type { FailureReason } from '../../../workflows/failure-reasons.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { MAX_DISRUPTIONS, memoryFactorOf, waitBeforeRetry } from '../../../workflows/retry.ts';

function aFailure(reason: FailureReason, more: Partial<Failure> = {}): Failure {
  return { ...failureOf(reason, 'running', 'it failed', { container: 'task' }), ...more };
}

function attempts(...reasons: FailureReason[]): Attempt[] {
  return reasons.map((reason) => ({ failure: aFailure(reason), stopTime: 1 }));
}

const exit75 = aFailure('UserError', { exitCode: 75 });

test('a failure of the task is final when nothing is said', () => {
  for (const reason of FAILURE_REASONS.filter((name) => name !== 'Evicted' && name !== 'NodeLost'))
    assert.equal(waitBeforeRetry(aFailure(reason), []), undefined, reason);
});

test('only what the policy names is tried again', () => {
  assert.equal(waitBeforeRetry(exit75, [], { reasons: ['RunTimeout'] }), undefined);
  assert.equal(waitBeforeRetry(aFailure('OOMKilled'), [], { exit_codes: [75] }), undefined);
  assert.equal(waitBeforeRetry(exit75, [], { memory_factor: 2 }), undefined);
});

test('a disruption by the cluster is tried again when nothing is said', () => {
  assert.equal(waitBeforeRetry(aFailure('Evicted'), []), 10_000);
  assert.equal(waitBeforeRetry(aFailure('NodeLost'), attempts('Evicted')), 20_000);
});

test('disruptions do not count, and have an end all the same', () => {
  const disrupted = attempts(...Array.from({ length: MAX_DISRUPTIONS - 1 }, () => 'Evicted' as const));
  assert.notEqual(waitBeforeRetry(aFailure('Evicted'), disrupted), undefined);
  assert.notEqual(waitBeforeRetry(exit75, disrupted, { exit_codes: [75], max_attempts: 2 }), undefined);
  assert.equal(waitBeforeRetry(aFailure('Evicted'), [...disrupted, ...attempts('NodeLost')]), undefined);
});

test('one attempt is one attempt, whatever disrupts it', () => {
  for (const reason of FAILURE_REASONS)
    assert.equal(waitBeforeRetry(aFailure(reason), [], { max_attempts: 1, reasons: [reason] }), undefined);
});

test('attempts that count end at their number', () => {
  const policy = { max_attempts: 3, exit_codes: [75] };
  assert.notEqual(waitBeforeRetry(exit75, attempts('UserError'), policy), undefined);
  assert.equal(waitBeforeRetry(exit75, attempts('UserError', 'UserError'), policy), undefined);
  assert.equal(
    waitBeforeRetry(exit75, attempts('UserError', 'UserError'), { exit_codes: [75] }),
    undefined,
    '3 without it',
  );
});

test('an exit code is tried again only when it is named, and is that of the task', () => {
  const policy = { exit_codes: [75] };
  assert.notEqual(waitBeforeRetry(exit75, [], policy), undefined);
  assert.equal(waitBeforeRetry({ ...exit75, exitCode: 3 }, [], policy), undefined);
  assert.equal(waitBeforeRetry({ ...exit75, container: 'input' }, [], policy), undefined);
  assert.equal(waitBeforeRetry(aFailure('RunTimeout'), [], policy), undefined);
});

test('a reason is tried again only when it is named', () => {
  assert.notEqual(waitBeforeRetry(aFailure('RunTimeout'), [], { reasons: ['RunTimeout'] }), undefined);
  assert.equal(waitBeforeRetry(aFailure('ClusterError'), [], { reasons: ['RunTimeout'] }), undefined);
  assert.equal(waitBeforeRetry(aFailure('ClusterError'), [], { reasons: [] }), undefined);
});

test('where nothing is named, what may well succeed is tried again', () => {
  for (const reason of FAILURE_REASONS) {
    const { retryable } = aFailure(reason);
    assert.equal(waitBeforeRetry(aFailure(reason), [], { max_attempts: 2 }) !== undefined, retryable, reason);
  }
});

test('a memory factor is for a task that ran out of memory', () => {
  const policy = { memory_factor: 1.5 };
  assert.notEqual(waitBeforeRetry(aFailure('OOMKilled'), [], policy), undefined);
  assert.equal(waitBeforeRetry(aFailure('OOMKilled', { container: 'cleanup' }), [], policy), undefined);
  assert.equal(waitBeforeRetry(aFailure('ClusterError'), [], policy), undefined);
  assert.equal(memoryFactorOf(attempts('OOMKilled', 'Evicted', 'OOMKilled'), policy), 2.25);
  assert.equal(memoryFactorOf(attempts('OOMKilled'), {}), 1);
  assert.equal(memoryFactorOf([]), 1);
});

test('each wait is twice the one before, and never longer than an hour', () => {
  const policy = { reasons: ['UserError'], max_attempts: 10, backoff_seconds: 100 } as const;
  const waits = [0, 1, 2, 8].map((count) =>
    waitBeforeRetry(exit75, attempts(...Array.from({ length: count }, () => 'UserError' as const)), policy),
  );
  assert.deepEqual(waits, [100_000, 200_000, 400_000, 3_600_000]);
});

test('whatever fails however often, there is a last attempt', () => {
  const reason = fc.constantFrom(...FAILURE_REASONS);
  const policy = fc.record(
    {
      max_attempts: fc.integer({ min: 1, max: 10 }),
      reasons: fc.uniqueArray(reason),
      memory_factor: fc.constantFrom(1, 2),
      backoff_seconds: fc.integer({ min: 0, max: 3600 }),
    },
    { requiredKeys: [] },
  );
  const property = fc.property(fc.infiniteStream(reason), policy, (reasons, drawn) => {
    const ended: Attempt[] = [];
    for (const next of reasons) {
      const waitMs = waitBeforeRetry(aFailure(next), ended, drawn);
      if (waitMs === undefined) break;
      assert.ok(waitMs >= 0 && waitMs <= 3_600_000);
      ended.push(...attempts(next));
      assert.ok(ended.length <= 10 + MAX_DISRUPTIONS);
    }
  });
  fc.assert(property, { seed: 20_261_125 });
});
