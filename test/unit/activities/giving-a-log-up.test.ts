import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { inTries } from '../../../activities/tries.ts';
import { ClusterRefusedError } from '../../../cluster/errors.ts';

const refused = new ClusterRefusedError('read log of words', 500, { message: 'dial tcp: no route to host' }, undefined);
const bucketAway = Object.assign(new Error('premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
const failing = (error: Error) => () => Promise.reject(error);
const isFinal = (error: unknown) => error instanceof ApplicationFailure && error.nonRetryable === true;

test('what the cluster refuses is asked for three times, and no more', async () => {
  for (const attempt of [1, 2]) await assert.rejects(inTries(attempt, failing(refused)), refused);
  for (const attempt of [3, 4]) {
    await assert.rejects(inTries(attempt, failing(refused)), (error: Error) => {
      assert.match(error.message, /no route to host/);
      return isFinal(error);
    });
  }
});

test('a bucket that is away is waited for, however often', async () => {
  for (const attempt of [1, 3, 40]) await assert.rejects(inTries(attempt, failing(bucketAway)), bucketAway);
});

test('a node that is silent is given up as one that refuses', async () => {
  const silent = () => new Promise<never>(() => undefined);
  await assert.rejects(
    inTries(2, silent, 10),
    (error: Error) => !isFinal(error) && /did not answer/.test(error.message),
  );
  await assert.rejects(inTries(3, silent, 10), isFinal);
});

test('what is given is returned at any try', async () => {
  for (const attempt of [1, 3]) assert.equal(await inTries(attempt, () => Promise.resolve('kept'), 10), 'kept');
});
