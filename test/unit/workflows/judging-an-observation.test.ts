import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../../../workflows/contract.ts';
import type { Observation } from '../../../workflows/observation.ts';
import { TROUBLE_GRACE_MS, verdictOf } from '../../../workflows/verdict.ts';
import { anObservation } from '../../support/objects.ts';

const START_TIMEOUT_MS = 900_000;
const RUN_TIMEOUT_MS = 5_000_000;
const TRANSFER_TIMEOUT_MS = 1_000_000;
const DEADLINES = {
  startTimeoutMs: START_TIMEOUT_MS,
  runTimeoutMs: RUN_TIMEOUT_MS,
  transferTimeoutMs: TRANSFER_TIMEOUT_MS,
};
const failure: Failure = { reason: 'ImageNotFound', phase: 'starting', message: 'not found', retryable: false };

/** Verdict `afterMs` after the stage began and as long after the trouble began. */
function verdictAfter(afterMs: number, observation: Observation) {
  const waiting = { role: observation.role, sinceMs: 0, troubledMs: 0, deadlines: DEADLINES };
  return verdictOf(observation, { ...waiting, nowMs: afterMs });
}

function failedReason(afterMs: number, observation: Observation) {
  const verdict = verdictAfter(afterMs, observation);
  return verdict.kind === 'wait' || verdict.kind === 'succeeded' ? verdict.kind : verdict.failure.reason;
}

test('a pod that is starting is waited for until the start deadline', () => {
  assert.deepEqual(verdictAfter(1000, anObservation()), { kind: 'wait', waitMs: START_TIMEOUT_MS - 1000 });
});

test('a pod that never starts fails at the start deadline', () => {
  const verdict = verdictAfter(START_TIMEOUT_MS, anObservation());
  assert.equal(verdict.kind === 'overdue' && verdict.failure.reason, 'StartTimeout');
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
  assert.deepEqual(verdictAfter(START_TIMEOUT_MS, observation), { kind: 'overdue', failure });
});

test('a task that runs is waited for until the run deadline', () => {
  const observation = anObservation({ stage: 'running' });
  assert.deepEqual(verdictAfter(1, observation), { kind: 'wait', waitMs: RUN_TIMEOUT_MS - 1 });
  assert.equal(failedReason(RUN_TIMEOUT_MS, observation), 'RunTimeout');
});

test('an input that does not come, and an output that does not go, end at the deadline of transfers', () => {
  const download = anObservation({ stage: 'downloading' });
  const upload = anObservation({ stage: 'running', role: 'cleanup' });
  assert.deepEqual(verdictAfter(0, download), { kind: 'wait', waitMs: TRANSFER_TIMEOUT_MS });
  assert.equal(failedReason(TRANSFER_TIMEOUT_MS, download), 'InputUnavailable');
  assert.equal(failedReason(TRANSFER_TIMEOUT_MS, upload), 'OutputUploadFailed');
});

test('a task that does not start after its input has come is in the same trouble as one without an input', () => {
  const trouble = { patience: 'now', failure } as const;
  assert.deepEqual(verdictAfter(0, anObservation({ stage: 'downloaded', trouble })), { kind: 'failed', failure });
  assert.equal(failedReason(START_TIMEOUT_MS, anObservation({ stage: 'downloaded' })), 'StartTimeout');
});

test('a failed observation passes its own failure on', () => {
  assert.deepEqual(verdictAfter(0, anObservation({ stage: 'failed', failure })), { kind: 'failed', failure });
});

/** What failed, and where, when `observation` is all that is known after a very long time. */
function factsOfTimeout(observation: Observation) {
  const verdict = verdictAfter(RUN_TIMEOUT_MS, observation);
  assert.ok(verdict.kind === 'overdue');
  const { reason, phase, container, message } = verdict.failure;
  return { reason, phase, container, seconds: /(\d+) s$/.exec(message)?.[1] };
}

test('what took too long is told with the place where it did, and with the limit', () => {
  const place = (change: Partial<Observation>) => Object.values(factsOfTimeout(anObservation(change)));
  assert.deepEqual(place({}), ['StartTimeout', 'starting', undefined, '900']);
  assert.deepEqual(place({ role: 'cleanup' }), ['StartTimeout', 'uploading', undefined, '900']);
  assert.deepEqual(place({ stage: 'downloading' }), ['InputUnavailable', 'downloading', 'input', '1000']);
  assert.deepEqual(place({ stage: 'running' }), ['RunTimeout', 'running', 'task', '5000']);
  assert.deepEqual(place({ stage: 'running', role: 'cleanup' }), [
    'OutputUploadFailed',
    'uploading',
    'cleanup',
    '1000',
  ]);
});

test('a failure without a cause is not guessed at', () => {
  for (const [role, phase] of [
    ['task', 'starting'],
    ['cleanup', 'uploading'],
  ] as const) {
    const verdict = verdictAfter(0, anObservation({ role, stage: 'missing' }));
    assert.ok(verdict.kind === 'failed');
    assert.deepEqual([verdict.failure.reason, verdict.failure.phase], ['Unknown', phase]);
  }
});

test('a trouble without a time has just begun', () => {
  const observation = anObservation({ trouble: { patience: 'grace', failure } });
  const waiting = { role: 'task', sinceMs: 0, troubledMs: undefined, nowMs: 1000, deadlines: DEADLINES } as const;
  assert.deepEqual(verdictOf(observation, waiting), { kind: 'wait', waitMs: TROUBLE_GRACE_MS });
});
