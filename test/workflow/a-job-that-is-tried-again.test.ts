import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { Activities } from '../../activities/index.ts';
import type { Failure } from '../../workflows/contract.ts';
import type { AttemptSpec } from '../../workflows/observation.ts';
import type { RetryPolicy } from '../../workflows/parameters.ts';
import { failureOf } from '../../workflows/reasons.ts';
import { anObservation } from '../support/objects.ts';
import { startSkippingJob } from '../support/temporal.ts';
import type { StartedJob } from '../support/temporal.ts';

const evicted = failureOf('Evicted', 'running', 'the node was needed', { container: 'task' });
const exit75 = failureOf('UserError', 'running', 'exited with code 75', { container: 'task', exitCode: 75 });
const outOfMemory = failureOf('OOMKilled', 'running', 'no memory', { container: 'task', exitCode: 137 });

/** Activities that note with what each attempt was made; its Kubernetes Job has the UID `task-<attempt>`. */
function attemptsOf() {
  const specs: (AttemptSpec | undefined)[] = [];
  const claims: (number | undefined)[] = [];
  const steps: Partial<Activities> = {
    deploy: (_request, _input, again) => Promise.resolve({ jobUid: `task-${specs.push(again)}` }),
    volumes: (ref) => Promise.resolve(void claims.push(ref.attempt)),
    logs: (_ref, role, podName, containers, isEarlier) =>
      Promise.resolve(Object.fromEntries(containers.map((name) => [name, `${podName} ${role} ${isEarlier ?? false}`]))),
  };
  return { specs, claims, steps };
}

function parametersWith(retry?: RetryPolicy) {
  return { parameters: { docker_image: 'python', ...(retry && { retry }) } };
}

async function calledTimes(job: StartedJob, step: string, count: number): Promise<void> {
  for (
    const endMs = Date.now() + 60_000;
    job.calls.filter((call) => call === step).length < count;
    await job.sleep(1_000)
  )
    if (Date.now() > endMs) throw new Error(`after a minute ${step} was not called ${count} times`);
}

async function failAttempt(job: StartedJob, attempt: number, failure: Failure): Promise<void> {
  await calledTimes(job, 'deploy', attempt);
  const { exitCode } = failure;
  const pod = { jobUid: `task-${attempt}`, podName: `pod-${attempt}`, podUid: `pod-${attempt}` };
  await job.observe(
    anObservation({ ...pod, stage: 'failed', failure, startTime: 7, ...(exitCode !== undefined && { exitCode }) }),
  );
}

async function succeed(job: StartedJob, attempt: number): Promise<void> {
  await calledTimes(job, 'deploy', attempt);
  await job.observe(
    anObservation({ jobUid: `task-${attempt}`, podName: `pod-${attempt}`, stage: 'succeeded', exitCode: 0 }),
  );
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
}

test('a job that the cluster evicted is tried again on claims of its own, and what came before is told', async (context) => {
  const { specs, claims, steps } = attemptsOf();
  const job = await startSkippingJob(context, steps, parametersWith());
  await failAttempt(job, 1, evicted);
  await succeed(job, 2);
  const end = await job.result();

  assert.deepEqual([end.status, end.failure, end.exitCode], ['succeeded', undefined, 0]);
  assert.deepEqual(claims, [undefined, 2]);
  assert.deepEqual(specs, [undefined, { attempt: 2, memoryFactor: 1 }]);
  const [attempt, ...more] = end.attempts ?? [];
  assert.deepEqual([more, attempt?.failure, attempt?.startTime], [[], evicted, 7]);
  assert.deepEqual(attempt?.logObjects, { task: 'pod-1 task true' });
  assert.equal(end.logObjects?.task, 'pod-2 task false');
  assert.equal(job.calls.filter((call) => call === 'discard').length, 1, 'what the first may have sent is removed');
});

test('what is still seen of an attempt that is over does not count', async (context) => {
  const { steps } = attemptsOf();
  const job = await startSkippingJob(context, steps, parametersWith({ exit_codes: [75] }));
  await failAttempt(job, 1, exit75);
  await failAttempt(job, 1, evicted);
  await calledTimes(job, 'deploy', 2);
  await failAttempt(job, 1, evicted);
  const meanwhile = await job.query();
  assert.deepEqual([meanwhile.phase, meanwhile.exitCode, meanwhile.attempts?.length], ['starting', undefined, 1]);
  await succeed(job, 2);
  assert.equal((await job.result()).attempts?.length, 1);
});

test('a Job that somebody deletes in a later attempt is missed', async (context) => {
  const { specs, steps } = attemptsOf();
  const failure = failureOf('ClusterError', 'running', 'deleted');
  const poll = () =>
    specs.length < 2
      ? Promise.reject(new Error('nothing new'))
      : Promise.resolve({ role: 'task', stage: 'missing', failure } as const);
  const job = await startSkippingJob(context, { ...steps, poll }, parametersWith({ exit_codes: [75] }));
  await failAttempt(job, 1, exit75);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure, end.attempts?.length], ['failed', failure, 1]);
});

test('a job ends with the failure of its last attempt', async (context) => {
  const { steps } = attemptsOf();
  const retry = { exit_codes: [75], max_attempts: 2 };
  const job = await startSkippingJob(context, steps, parametersWith(retry));
  await failAttempt(job, 1, exit75);
  const last = { ...exit75, message: 'again' };
  await failAttempt(job, 2, last);
  const end = await job.result();
  assert.deepEqual([end.status, end.failure, end.exitCode, end.attempts?.length], ['failed', last, 75, 1]);
  assert.equal(end.attempts?.[0]?.exitCode, 75);
});

test('a task that ran out of memory gets more of it, each time', async (context) => {
  const { specs, steps } = attemptsOf();
  const job = await startSkippingJob(context, steps, parametersWith({ memory_factor: 2 }));
  await failAttempt(job, 1, outOfMemory);
  await failAttempt(job, 2, outOfMemory);
  await succeed(job, 3);
  await job.result();
  assert.deepEqual(
    specs.map((spec) => spec?.memoryFactor),
    [undefined, 2, 4],
  );
});

test('a kill ends a job that waits for its next attempt, at once', async (context) => {
  const { steps } = attemptsOf();
  const job = await startSkippingJob(context, steps, parametersWith({ backoff_seconds: 3600, exit_codes: [75] }));
  await failAttempt(job, 1, exit75);
  while ((await job.query()).attempts === undefined) await sleep(20);
  await job.kill();
  const end = await job.result();
  assert.deepEqual(
    [end.status, end.failure, end.attempts?.length, end.logObjects],
    ['killed', undefined, 1, undefined],
  );
  assert.equal(job.calls.includes('discard'), true);
});

const disruptions = {
  'was evicted': failureOf('Evicted', 'uploading', 'the node was needed'),
  'was lost by its node': failureOf('NodeLost', 'uploading', 'nobody knows how it ended', { container: 'cleanup' }),
};

for (const [what, failure] of Object.entries(disruptions)) {
  test(`a cleanup that ${what} is repeated, and not the task`, async (context) => {
    let cleanups = 0;
    const job = await startSkippingJob(context, {
      cleanup: () => Promise.resolve({ jobUid: `cleanup-${++cleanups}` }),
    });
    await job.called('deploy');
    await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
    await job.called('cleanup');
    await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-1', stage: 'failed', failure }));
    await calledTimes(job, 'cleanup', 2);
    await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-2', stage: 'succeeded' }));
    const end = await job.result();
    assert.deepEqual([end.status, end.attempts, end.output?.complete], ['succeeded', undefined, true]);
    assert.equal(job.calls.filter((call) => call === 'deploy').length, 1);
  });
}

test('a cleanup whose node is gone with the volume is not repeated: the task is', async (context) => {
  const { steps } = attemptsOf();
  const job = await startSkippingJob(context, steps, parametersWith());
  await job.called('deploy');
  await job.observe(anObservation({ jobUid: 'task-1', stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  const failure = failureOf('NodeLost', 'uploading', 'the node of the pod is lost');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'failed', failure }));
  await calledTimes(job, 'deploy', 2);
  await job.kill();
  const end = await job.result();
  assert.deepEqual(
    end.attempts?.map(({ failure: { reason } }) => reason),
    ['NodeLost'],
  );
});
