import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { activityFailure, mirrorFailure, retriedFailure, withFailures } from '../../../activities/failures.ts';
import { ObjectMismatchError, ObjectMissingError } from '../../../bucket/errors.ts';
import { ClusterRefusedError, NotOursError } from '../../../cluster/errors.ts';
import { SealError } from '../../../sealing.ts';
import { NameTakenError } from '../../../store/errors.ts';

const content = { sizeBytes: 1, crc32c: 'AAAAAA==' };
const refusal = (code: number, message = 'no') =>
  new ClusterRefusedError('create Job', code, { kind: 'Status', code, message }, undefined);

test('what can never succeed ends a step, by a name that the workflow knows', () => {
  for (const [error, type] of [
    [refusal(422), 'ClusterRefused'],
    [new NotOursError('Job', 'a'), 'NotOurs'],
    [new ObjectMissingError('a'), 'ObjectMismatch'],
    [new ObjectMismatchError('a', content, content), 'ObjectMismatch'],
    [new SealError('cannot be opened'), 'SealBroken'],
    [new NameTakenError('a'), 'NameTaken'],
  ] as const) {
    const failure = activityFailure(error);
    assert.ok(failure instanceof ApplicationFailure);
    assert.deepEqual([failure.type, failure.nonRetryable, failure.message], [type, true, error.message]);
    assert.equal(failure.cause, error);
  }
});

test('a quota that others may free is waited for, one that is smaller than the request is not', () => {
  const overQuota = (requested: string, used: string, limited: string) =>
    activityFailure(
      refusal(
        403,
        `exceeded quota: a, requested: pods=1,${requested}, used: pods=0,${used}, limited: pods=5,${limited}`,
      ),
    );
  assert.ok(
    overQuota('requests.storage=20Gi', 'requests.storage=0', 'requests.storage=10Gi') instanceof ApplicationFailure,
  );
  for (const [requested, used, limited] of [
    ['requests.storage=5Gi', 'requests.storage=6Gi', 'requests.storage=10Gi'],
    ['requests.storage=5Gi', 'requests.storage=0', 'requests.storage=0'],
  ] as const)
    assert.ok(!(overQuota(requested, used, limited) instanceof ApplicationFailure));
});

test('the answer of the cluster goes with its refusal', () => {
  const failure = activityFailure(refusal(422));
  assert.deepEqual((failure as ApplicationFailure).details, [{ kind: 'Status', code: 422, message: 'no' }]);
});

test('what may pass stays as it is', () => {
  for (const error of [refusal(503), refusal(429), new Error('network'), 'a text']) {
    assert.equal(activityFailure(error), error);
    assert.equal(mirrorFailure(error), error);
  }
});

test('for the mirror only a taken name is final', () => {
  assert.equal((mirrorFailure(new NameTakenError('a')) as ApplicationFailure).type, 'NameTaken');
  const missing = new ObjectMissingError('a');
  assert.equal(mirrorFailure(missing), missing);
});

test('a message that is too long for a history loses its end', () => {
  const failure = activityFailure(refusal(422, 'x'.repeat(10_000))) as ApplicationFailure;
  assert.equal(failure.message, `create Job: ${'x'.repeat(2048)}`.slice(0, 2048));
});

test('a refused step that is tried again tells the answer of the cluster, short enough to be kept', () => {
  for (const code of [403, 422, 503]) {
    const failure = retriedFailure(refusal(code, 'x'.repeat(10_000)));
    assert.ok(failure instanceof ApplicationFailure);
    const { type, nonRetryable, message, details } = failure;
    assert.deepEqual([type, nonRetryable, message.length], ['ClusterRefused', false, 512]);
    assert.deepEqual(details, [{ kind: 'Status', code, message: 'x'.repeat(512) }]);
  }
});

test('a refusal without a message is told all the same', () => {
  const error = new ClusterRefusedError('create Job', 500, { kind: 'Status' }, undefined);
  assert.deepEqual((retriedFailure(error) as ApplicationFailure).details, [{ kind: 'Status', message: '' }]);
});

test('a step that is tried again passes all other errors on', () => {
  const error = new Error('network');
  assert.equal(retriedFailure(error), error);
});

test('each activity works as before, and fails as it is told', async () => {
  const activities = withFailures({
    add: (a: number, b: number) => Promise.resolve(a + b),
    fail: () => Promise.reject(new NotOursError('Job', 'a')),
  });
  assert.equal(await activities.add(1, 2), 3);
  await assert.rejects(activities.fail(), { type: 'NotOurs' });
  const others = withFailures({ fail: () => Promise.reject(new Error('inner')) }, (error) => [error]);
  await assert.rejects(others.fail(), (error) => Array.isArray(error) && (error[0] as Error).message === 'inner');
});
