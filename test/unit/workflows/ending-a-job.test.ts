import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState, TimeoutFailure } from '@temporalio/common';
import fc from 'fast-check';
import { JOB_PHASES } from '../../../workflows/contract.ts';
import { ERROR_TYPES } from '../../../workflows/names.ts';
import type { JobPhase } from '../../../workflows/contract.ts';
import { endingOf, failureIn, JobFailedError, TaskFailedError } from '../../../workflows/failure.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { aJob } from '../../support/job-builder.ts';
import { runs } from '../../support/properties.ts';

const failure = failureOf('OOMKilled', 'running', 'out of memory');

/** The step `deploy` failed for good, as Temporal tells it to the workflow. */
function stepError(cause?: Error): ActivityFailure {
  return new ActivityFailure('the step failed', 'deploy', '1', RetryState.NON_RETRYABLE_FAILURE, 'worker', cause);
}

function refusal(type: string, ...details: unknown[]): ActivityFailure {
  return stepError(ApplicationFailure.create({ type, message: 'refused', nonRetryable: true, details }));
}

const anyError = fc.constantFrom<unknown>(
  new JobFailedError(failureOf('UserError', 'running', 'exited with code 1')),
  new CancelledFailure('cancelled'),
  refusal(ERROR_TYPES.clusterRefused, { code: 422 }),
  stepError(new TimeoutFailure('late', undefined, 'START_TO_CLOSE')),
  new Error('a fault of ours'),
);

test('a cause that is known is never replaced, whatever happens afterwards', () => {
  fc.assert(
    fc.property(anyError, fc.boolean(), fc.constantFrom(...JOB_PHASES), (error, killRequested, phase) => {
      assert.deepEqual(endingOf(error, aJob({ failure, killRequested, phase })), { status: 'failed' });
    }),
    runs(100),
  );
});

test('a job that somebody wants to be killed is killed, whatever fails meanwhile', () => {
  for (const error of [new JobFailedError(failure), refusal(ERROR_TYPES.notOurs), new Error('any')]) {
    assert.deepEqual(endingOf(error, aJob({ killRequested: true })), { status: 'killed', killRequested: true });
  }
});

test('a cancelled workflow is a kill that nobody has asked for by a signal', () => {
  assert.deepEqual(endingOf(new CancelledFailure('cancelled'), aJob()), { status: 'killed', killRequested: true });
});

test('a job that failed has failed as it says', () => {
  const error = new JobFailedError(failure);
  assert.deepEqual(endingOf(error, aJob()), { status: 'failed', failure });
  assert.deepEqual([error.name, error.message], ['JobFailedError', 'out of memory']);
});

test('what the cluster refuses fails the job by the name of the step, with the answer of the cluster', () => {
  const ending = endingOf(refusal(ERROR_TYPES.clusterRefused, { code: 422 }, 'more'), aJob({ phase: 'starting' }));
  const expected = failureOf('ClusterError', 'starting', 'deploy: refused');
  assert.deepEqual(ending, {
    status: 'failed',
    failure: { ...expected, retryable: false },
    clusterResponse: { code: 422 },
  });
});

test('details of another failure are no answer of the cluster', () => {
  for (const error of [refusal(ERROR_TYPES.notOurs, { code: 422 }), refusal(ERROR_TYPES.clusterRefused)]) {
    const { failure: told, ...rest } = endingOf(error, aJob({ phase: 'starting' }));
    assert.equal(told?.reason, 'ClusterError');
    assert.deepEqual(rest, { status: 'failed' });
  }
});

test('an object that is not what it should be is an input before the task, and an output after it', () => {
  const reasonIn = (phase: JobPhase) => endingOf(refusal(ERROR_TYPES.objectMismatch), aJob({ phase })).failure?.reason;
  assert.equal(reasonIn('preparing'), 'InputUnavailable');
  assert.equal(reasonIn('uploading'), 'OutputUploadFailed');
});

test('a value that no key opens is a fault of the configuration', () => {
  const { failure: told } = endingOf(refusal(ERROR_TYPES.sealBroken), aJob({ phase: 'preparing' }));
  assert.deepEqual([told?.reason, told?.retryable], ['ConfigError', false]);
});

test('a step that fails for a reason without a name is not guessed at, and not worth a repetition', () => {
  const { failure: told } = endingOf(refusal('Novel'), aJob({ phase: 'deleting' }));
  assert.deepEqual([told?.reason, told?.phase, told?.retryable], ['Unknown', 'deleting', false]);
});

test('a step that failed without an answer may succeed another time', () => {
  for (const [error, message] of [
    [stepError(new TimeoutFailure('late', undefined, 'START_TO_CLOSE')), 'deploy: late'],
    [stepError(), 'deploy: the step failed'],
  ] as const) {
    const { status, failure: told } = endingOf(error, aJob({ phase: 'starting' }));
    assert.deepEqual([status, told?.reason, told?.message, told?.retryable], ['failed', 'Unknown', message, true]);
  }
});

test('a fault of ours is not told as an end of the job', () => {
  const error = new Error('a fault of ours');
  assert.throws(() => endingOf(error, aJob()), error);
});

test('a failure of an attempt is told, a kill and a fault of ours are none', () => {
  assert.deepEqual(failureIn(new TaskFailedError(failure), 'running'), failure);
  const refused = failureIn(refusal(ERROR_TYPES.objectMismatch), 'preparing');
  assert.equal(refused?.reason, 'InputUnavailable');
  assert.equal(failureIn(stepError(new CancelledFailure('cancelled')), 'starting'), undefined);
  assert.equal(failureIn(new CancelledFailure('cancelled'), 'starting'), undefined);
  assert.equal(failureIn(new Error('a fault of ours'), 'starting'), undefined);
  assert.equal(new TaskFailedError(failure).name, 'TaskFailedError');
});
