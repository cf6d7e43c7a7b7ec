import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure, Observation } from '../../../workflows/contract.ts';
import { TROUBLE_GRACE_MS, verdictOf } from '../../../workflows/verdict.ts';
import { anObservation } from '../../support/objects.ts';

const START_TIMEOUT_MS = 900_000;
const failure: Failure = { reason: 'ImageNotFound', phase: 'starting', message: 'not found', retryable: false };

/** Verdict `afterMs` after the deployment and as long after the trouble began. */
function verdictAfter(afterMs: number, observation: Observation) {
  const waiting = { role: 'task', deployedMs: 0, troubledMs: 0, startTimeoutMs: START_TIMEOUT_MS } as const;
  return verdictOf(observation, { ...waiting, nowMs: afterMs });
}

test('a pod that is starting is waited for until the start deadline', () => {
  assert.deepEqual(verdictAfter(1000, anObservation()), { kind: 'wait', waitMs: START_TIMEOUT_MS - 1000 });
});

test('a pod that never starts fails at the start deadline', () => {
  const verdict = verdictAfter(START_TIMEOUT_MS, anObservation());
  assert.equal(verdict.kind === 'failed' && verdict.failure.reason, 'StartTimeout');
});

test('trouble that waiting cannot heal fails at once', () => {
  const verdict = verdictAfter(0, anObservation({ trouble: { patience: 'now', failure } }));
  assert.deepEqual(verdict, { kind: 'failed', failure });
});

test('trouble that may be short is given its grace, and then fails', () => {
  const observation = anObservation({ trouble: { patience: 'grace', failure } });
  assert.deepEqual(verdictAfter(1, observation), { kind: 'wait', waitMs: TROUBLE_GRACE_MS - 1 });
  assert.deepEqual(verdictAfter(TROUBLE_GRACE_MS, observation), { kind: 'failed', failure });
});

test('trouble that may heal is waited for, and names the cause at the deadline', () => {
  const observation = anObservation({ trouble: { patience: 'wait', failure } });
  assert.equal(verdictAfter(TROUBLE_GRACE_MS * 2, observation).kind, 'wait');
  assert.deepEqual(verdictAfter(START_TIMEOUT_MS, observation), { kind: 'failed', failure });
});

test('a task that runs has no deadline of its own', () => {
  assert.deepEqual(verdictAfter(START_TIMEOUT_MS * 100, anObservation({ stage: 'running' })), { kind: 'wait' });
});

test('a failed observation passes its own failure on', () => {
  assert.deepEqual(verdictAfter(0, anObservation({ stage: 'failed', failure })), { kind: 'failed', failure });
});
