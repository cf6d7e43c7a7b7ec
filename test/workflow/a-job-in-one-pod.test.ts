import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { Activities } from '../../activities/index.ts';
import type { TransferReport } from '../../transfer/report.ts';
import type { Failure } from '../../workflows/contract.ts';
import type { Observation } from '../../workflows/observation.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { failureOf } from '../../workflows/reasons.ts';
import { anObservation, aRequest } from '../support/objects.ts';
import { looksThatShow, startJob, startSkippingJob } from '../support/temporal.ts';
import type { StartedJob } from '../support/temporal.ts';

function inOnePod(more: Partial<JobParameters> = {}) {
  return { parameters: { docker_image: 'python', storage: { mode: 'ephemeral' }, ...more } } as const;
}

const MOMENT_MS = 5_000;
const ALWAYS = { outputs_on: 'always' } as const;
const failure = failureOf('UserError', 'running', 'exited with code 3', { container: 'task', exitCode: 3 });
const succeeded = anObservation({ stage: 'succeeded', exitCode: 0 });
const failed = anObservation({ stage: 'failed', exitCode: 3, failure });

/** What is seen of the upload: in the pod and the Job of the task. */
function upload(change: Partial<Observation>): Observation {
  return anObservation({ role: 'cleanup', ...change });
}

async function deployed(job: StartedJob, task: Observation): Promise<void> {
  await job.called('deploy');
  await job.observe(task);
}

async function uploading(job: StartedJob): Promise<void> {
  while ((await job.query()).phase !== 'uploading') await sleep(20);
}

test('a job in one pod has no claims, no cleanup of its own and nobody to tell', async (context) => {
  const job = await startJob(context, {}, inOnePod());
  await deployed(job, succeeded);
  await uploading(job);
  await job.observe(upload({ stage: 'running' }));
  await job.observe(upload({ stage: 'succeeded' }));
  const end = await job.result();
  assert.deepEqual([end.status, end.output?.complete], ['succeeded', true]);
  assert.deepEqual(Object.keys(end.logObjects ?? {}).sort(), ['cleanup', 'task']);
  for (const step of ['volumes', 'cleanup', 'send']) assert.ok(!job.calls.includes(step), job.calls.join());
});

test('an upload that waits beside its task is told of the end of it, whichever it is', async (context) => {
  for (const task of [succeeded, failed]) {
    const told: unknown[] = [];
    const send: Activities['send'] = (_ref, ...pod) => Promise.resolve(void told.push(...pod));
    const job = await startJob(context, { send }, inOnePod(ALWAYS));
    await deployed(job, anObservation({ stage: 'running' }));
    await sleep(200);
    assert.deepEqual(told, []);
    await job.observe(task);
    await job.called('send');
    await job.observe(upload({ stage: 'succeeded' }));
    const end = await job.result();
    const hasSucceeded = task === succeeded;
    assert.deepEqual([end.status, end.output?.complete], [hasSucceeded ? 'succeeded' : 'failed', hasSucceeded]);
    assert.deepEqual([end.failure, told], [hasSucceeded ? undefined : failure, ['pod', 'pod-uid']]);
  }
});

test('a task that fails where no output is wanted of it keeps nobody waiting for its upload', async (context) => {
  const job = await startJob(context, {}, inOnePod());
  await deployed(job, failed);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure, end.output], ['failed', failure, undefined]);
});

test('a task that runs for too long is ended by its node before its output is sent', async (context) => {
  const running = anObservation({ stage: 'running' });
  const job = await startSkippingJob(context, { poll: looksThatShow(running) }, inOnePod(ALWAYS));
  await deployed(job, running);
  await job.sleep(aRequest().runTimeoutMs + MOMENT_MS);
  await uploading(job);
  assert.ok(!job.calls.includes('send') && !job.calls.includes('stop'), job.calls.join());
  await job.observe(anObservation({ stage: 'failed', exitCode: 143, failure }));
  await job.called('send');
  await job.observe(upload({ stage: 'succeeded' }));
  const end = await job.result();
  assert.deepEqual([end.status, end.failure?.reason, end.output?.complete], ['failed', 'RunTimeout', false]);
});

test('when the pod is lost during the upload all begins anew', async (context) => {
  const evicted = failureOf('Evicted', 'uploading', 'the node was needed');
  let attempts = 0;
  const deploy = () => Promise.resolve({ jobUid: `task-${(attempts += 1)}` });
  const job = await startSkippingJob(context, { deploy }, inOnePod());
  await deployed(job, { ...succeeded, jobUid: 'task-1' });
  await uploading(job);
  await job.observe(upload({ jobUid: 'task-1', stage: 'failed', failure: evicted }));
  while (attempts < 2) await job.sleep(1_000);
  await job.observe({ ...succeeded, jobUid: 'task-2' });
  await uploading(job);
  await job.observe(upload({ jobUid: 'task-2', stage: 'succeeded' }));
  const end = await job.result();
  assert.deepEqual([end.status, end.attempts?.map((attempt) => attempt.failure)], ['succeeded', [evicted]]);
});

test('an output that only its owner can read is told, with what to do, and nothing is done again', async (context) => {
  const unread: Failure = failureOf('OutputUploadFailed', 'uploading', 'cannot read secret.txt');
  const { reason, message } = unread;
  const report = { ok: false, reason, message, unreadableOwnerUid: 0 } as TransferReport;
  const job = await startJob(context, {}, inOnePod());
  await deployed(job, succeeded);
  await uploading(job);
  await job.observe(upload({ stage: 'failed', failure: unread, report }));
  const end = await job.result();
  assert.deepEqual([end.status, end.failure?.reason, end.failure?.retryable], ['failed', reason, false]);
  assert.match(end.failure?.hint ?? '', /chmod/);
  assert.deepEqual([end.attempts, job.calls.filter((step) => step === 'deploy')], [undefined, ['deploy']]);
});

test('a kill while the upload waits beside its task hears the task to its end before the pod is stopped for the upload', async (context) => {
  const events: string[] = [];
  const stop: Activities['stop'] = async (_ref, role) => {
    events.push(`stop ${role}`);
    if (role === 'task') await sleep(500);
    events.push(`stopped ${role}`);
    return role === 'task' ? { task: 'task-log.txt' } : {};
  };
  const job = await startJob(context, { stop }, inOnePod(ALWAYS));
  await deployed(job, anObservation({ stage: 'running' }));
  await job.observe(upload({ stage: 'running' }));
  await job.kill();
  const end = await job.result();
  assert.deepEqual([end.status, end.logObjects?.task], ['killed', 'task-log.txt']);
  assert.deepEqual(events, ['stop task', 'stopped task', 'stop cleanup', 'stopped cleanup']);
  assert.ok(job.calls.indexOf('discard') > job.calls.indexOf('delete'), job.calls.join());
});
