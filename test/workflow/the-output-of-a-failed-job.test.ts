import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { ERROR_TYPES } from '../../workflows/names.ts';
import { failureOf } from '../../workflows/reasons.ts';
import { anObservation, aRequest } from '../support/objects.ts';
import { looksThatShow, startJob, startSkippingJob } from '../support/temporal.ts';
import type { StartedJob } from '../support/temporal.ts';

const failure = failureOf('UserError', 'running', 'exited with code 3', { container: 'task', exitCode: 3 });
const MINUTE_MS = 60_000;
const ALWAYS = { parameters: { docker_image: 'python', outputs_on: 'always' } } as const;
const uploaded = anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' });

async function fail(job: StartedJob): Promise<void> {
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'failed', exitCode: 3, failure }));
}

test('a task that fails leaves its output when that is wanted: not complete, and with the cause as it was', async (context) => {
  const job = await startJob(context, {}, ALWAYS);
  await fail(job);
  await job.called('cleanup');
  const meanwhile = await job.query();
  assert.deepEqual([meanwhile.status, meanwhile.phase, meanwhile.failure], ['running', 'uploading', failure]);
  await job.observe(uploaded);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure, end.output?.complete], ['failed', failure, false]);
  assert.deepEqual(Object.keys(end.logObjects ?? {}).sort(), ['cleanup', 'task']);
});

test('a task that fails leaves nothing when nothing is said', async (context) => {
  const job = await startJob(context);
  await fail(job);
  const end = await job.result();
  assert.deepEqual([end.status, end.output, job.calls.includes('cleanup')], ['failed', undefined, false]);
});

test('a task that runs out of time is stopped before its output is read', async (context) => {
  const running = anObservation({ stage: 'running' });
  const job = await startSkippingJob(context, { poll: looksThatShow(running) }, ALWAYS);
  await job.called('deploy');
  await job.observe(running);
  await job.sleep(aRequest().runTimeoutMs + MINUTE_MS);
  await job.called('cleanup');
  const order = ['stop', 'delete', 'cleanup'].map((step) => job.calls.indexOf(step));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
    job.calls.join(),
  );
  await job.observe(uploaded);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure?.reason, end.output?.complete], ['failed', 'RunTimeout', false]);
});

test('an output that cannot be kept changes nothing about the cause', async (context) => {
  const refuse = () => Promise.reject(ApplicationFailure.nonRetryable('no', ERROR_TYPES.objectMismatch));
  const job = await startJob(context, { publish: refuse }, ALWAYS);
  await fail(job);
  await job.called('cleanup');
  await job.observe(uploaded);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure, end.output], ['failed', failure, undefined]);
});

test('a kill of a job that has failed already ends the upload, and the job has failed', async (context) => {
  const job = await startJob(context, {}, ALWAYS);
  await fail(job);
  await job.called('cleanup');
  await job.kill();
  const end = await job.result();
  assert.deepEqual([end.status, end.failure, end.output, end.killRequested], ['failed', failure, undefined, true]);
});

test('a job that never started shows its pod, and the newest words of the cluster', async (context) => {
  const pod = { kind: 'Pod', status: { phase: 'Pending' } };
  const inspect = () => Promise.resolve({ pod, message: 'no node is large enough' });
  const trouble = { patience: 'wait', failure: failureOf('Unschedulable', 'starting', 'unbound claims') } as const;
  const seen = anObservation({ stage: 'pending', trouble });
  const job = await startSkippingJob(context, { inspect, poll: () => Promise.resolve(seen) });
  await job.called('deploy');
  await job.observe(seen);
  const end = await job.result();
  assert.deepEqual([end.failure?.reason, end.failure?.message], ['Unschedulable', 'no node is large enough']);
  assert.deepEqual(end.clusterResponse, pod);
});

test('a start deadline that passes during a pull is told as that of the pull', async (context) => {
  const inspect = () => Promise.resolve({ message: 'a mount was slow', pulling: 'Pulling image "a"' });
  const job = await startSkippingJob(context, { inspect });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'pending' }));
  const { failure: end } = await job.result();
  const message = 'the pod did not start within 900 s: Pulling image "a"';
  assert.deepEqual(end, failureOf('ImagePullTimeout', 'starting', message));
});

test('an image that is not there fails a job that has got its input already', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'downloading' }));
  const trouble = { patience: 'now', failure: failureOf('ImageNotFound', 'starting', 'none') } as const;
  await job.observe(anObservation({ stage: 'downloaded', trouble }));
  const end = await job.result();
  assert.deepEqual([end.status, end.failure?.reason], ['failed', 'ImageNotFound']);
});
