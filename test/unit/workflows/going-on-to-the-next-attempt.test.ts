import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt, Job } from '../../../workflows/contract.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { attemptRefOf, attemptSpecOf, initialJob, withNextAttempt } from '../../../workflows/state.ts';
import { aRequest } from '../../support/objects.ts';

const ended: Attempt = { failure: failureOf('OOMKilled', 'running', 'no memory', { container: 'task' }), stopTime: 9 };

function aJob(change: Partial<Job> = {}): Job {
  return { ...initialJob(aRequest()), ...change };
}

test('what belongs to an attempt goes with it', () => {
  const job = aJob({ status: 'running', exitCode: 137, logObjects: { task: 'log' }, clusterResponse: {}, revision: 4 });
  const { attempts, exitCode, logObjects, clusterResponse, revision, phase } = withNextAttempt(job, ended);
  assert.deepEqual([exitCode, logObjects, clusterResponse], [undefined, undefined, undefined]);
  assert.deepEqual([attempts, revision, phase], [[ended], 5, 'preparing']);
});

test('a job that ran, runs, and one that did not is created', () => {
  const statuses = (['created', 'running', 'cleaning'] as const).map(
    (status) => withNextAttempt(aJob({ status }), ended).status,
  );
  assert.deepEqual(statuses, ['created', 'running', 'running']);
});

test('the first attempt needs no number, later ones do', () => {
  const { id, name } = aJob();
  assert.deepEqual([attemptRefOf(aJob()), attemptSpecOf(aJob())], [{ id, name }, undefined]);
  const third = aJob({ attempts: [ended, ended], parameters: { docker_image: 'a', retry: { memory_factor: 3 } } });
  assert.deepEqual(attemptRefOf(third), { id, name, attempt: 3 });
  assert.deepEqual(attemptSpecOf(third), { attempt: 3, memoryFactor: 9 });
});
