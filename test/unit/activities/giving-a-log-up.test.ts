import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { createLogs } from '../../../activities/logs.ts';
import { inTries } from '../../../activities/tries.ts';
import { ClusterRefusedError } from '../../../cluster/errors.ts';
import { ERROR_TYPES } from '../../../workflows/names.ts';
import { anActivity } from '../../support/activity.ts';
import { aRequest } from '../../support/objects.ts';

const refused = new ClusterRefusedError('read log of words', 500, { message: 'dial tcp: no route to host' }, undefined);
const bucketAway = Object.assign(new Error('premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
const failing = (error: Error) => () => Promise.reject(error);
const tried = (attempt: number, deed: () => Promise<unknown>, silenceMs?: number) =>
  anActivity({ attempt }).run(inTries, deed, silenceMs);
const isFinal = (error: unknown) => error instanceof ApplicationFailure && error.nonRetryable === true;

test('what the cluster refuses is asked for three times, and no more', async () => {
  for (const attempt of [1, 2]) await assert.rejects(tried(attempt, failing(refused)), refused);
  for (const attempt of [3, 4]) {
    await assert.rejects(tried(attempt, failing(refused)), (error: Error) => {
      assert.match(error.message, /no route to host/);
      return isFinal(error);
    });
  }
});

test('a bucket that is away is waited for, however often', async () => {
  for (const attempt of [1, 3, 40]) await assert.rejects(tried(attempt, failing(bucketAway)), bucketAway);
});

test('a node that is silent is given up as one that refuses', async () => {
  const silent = () => new Promise<never>(() => undefined);
  await assert.rejects(tried(2, silent, 10), (error: Error) => !isFinal(error) && /did not answer/.test(error.message));
  await assert.rejects(tried(3, silent, 10), isFinal);
});

test('what is given is returned at any try', async () => {
  for (const attempt of [1, 3]) assert.equal(await tried(attempt, () => Promise.resolve('kept'), 10), 'kept');
});

test('a job goes on without the log that its cluster has refused three times', async () => {
  const bucket = { stat: () => Promise.resolve(undefined) } as unknown as ActivityDeps['bucket'];
  const logs = createLogs({ bucket, readLog: failing(refused), readStampedLog: failing(refused) });
  const keep = (attempt: number) => anActivity({ attempt }).run(() => logs(aRequest(), 'task', 'pod', ['task']));
  for (const attempt of [1, 2]) await assert.rejects(keep(attempt), refused);
  await assert.rejects(keep(3), { type: ERROR_TYPES.logNotGiven, nonRetryable: true });
});
