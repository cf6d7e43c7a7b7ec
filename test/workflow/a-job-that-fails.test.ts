import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { ERROR_TYPES } from '../../workflows/names.ts';
import type { Failure } from '../../workflows/contract.ts';
import { anObservation } from '../support/objects.ts';
import { startJob, startSkippingJob } from '../support/temporal.ts';

const failure: Failure = {
  reason: 'UserError',
  phase: 'running',
  message: 'exited with code 3',
  exitCode: 3,
  retryable: false,
};

test('a container that fails makes the job failed, with its log kept and everything deleted, and no cleanup Job', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'failed', exitCode: 3, failure, startTime: 1_527_121_793_000 }));
  const end = await job.result();

  assert.deepEqual([end.status, end.exitCode, end.failure], ['failed', 3, failure]);
  assert.equal(end.logObjects?.task, 'task-log.txt');
  assert.ok(job.calls.indexOf('logs') < job.calls.indexOf('delete'));
  assert.equal(job.calls.includes('cleanup'), false);
});

test('a job that the cluster refuses fails with the answer of the cluster, and what was made before is deleted', async (context) => {
  const status = { kind: 'Status', code: 422, message: 'Job is invalid' };
  const refuse = () =>
    Promise.reject(ApplicationFailure.nonRetryable('create Job: invalid', ERROR_TYPES.clusterRefused, status));
  const job = await startJob(context, { deploy: refuse });
  const end = await job.result();

  assert.deepEqual([end.status, end.failure?.reason, end.clusterResponse], ['failed', 'ClusterError', status]);
  assert.ok(job.calls.includes('delete'));
});

test('a log that cannot be kept does not change the end', async (context) => {
  const job = await startJob(context, {
    logs: () => Promise.reject(ApplicationFailure.nonRetryable('the pod is gone')),
  });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'failed', exitCode: 3, failure, startTime: 1_527_121_793_000 }));
  const end = await job.result();
  assert.deepEqual([end.status, end.logObjects], ['failed', undefined]);
});

test('a step that fails for a while is repeated until it succeeds', async (context) => {
  let attempts = 0;
  const job = await startJob(context, {
    secret: () => ((attempts += 1) < 3 ? Promise.reject(new Error('the API server is away')) : Promise.resolve()),
  });
  await job.called('deploy');
  assert.equal(attempts, 3);
});

test('an output that the bucket does not hold as it was reported fails the job', async (context) => {
  const mismatch = () =>
    Promise.reject(ApplicationFailure.nonRetryable('another checksum', ERROR_TYPES.objectMismatch));
  const job = await startJob(context, { publish: mismatch });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  const end = await job.result();
  assert.deepEqual([end.status, end.failure?.reason, end.output], ['failed', 'OutputUploadFailed', undefined]);
});

test('a pod that does not start in time fails the job', async (context) => {
  const job = await startSkippingJob(context);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure?.reason], ['failed', 'StartTimeout']);
});
