import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Job } from '../../workflows/contract.ts';
import { aJob } from '../support/job-builder.ts';
import { runReconciliation } from '../support/temporal.ts';

const CAUSE = 'the workflow of the job was terminated';

function aRunningJob(name: string): Job {
  return aJob({ name, hasInput: true, status: 'running', phase: 'running', revision: 3 });
}

function healed(...abandoned: readonly Job[]) {
  return () => Promise.resolve({ healed: 0, abandoned: abandoned.map(({ id, name }) => ({ id, name })), endless: [] });
}

test('a job without a workflow is told as ended when its logs are kept, the cluster is empty and the bucket is clean', async () => {
  const job = aRunningJob('left-alone');
  const recorded: Job[] = [];
  const asked: unknown[] = [];
  const { calls, reconciled } = await runReconciliation({
    heal: healed(job),
    examine: () =>
      Promise.resolve({
        ...{ job, cause: CAUSE, inputObject: 'spool/1.zip' },
        seen: [{ role: 'task' as const, jobUid: 'uid', podName: 'pod', stage: 'running' as const }],
      }),
    stop: (ref, role, podName, containers) => {
      asked.push(ref, role, podName, containers);
      return Promise.resolve({ task: 'left-alone-log.txt' });
    },
    discard: (...args) => (asked.push(...args), Promise.resolve()),
    record: (end) => (recorded.push(end), Promise.resolve(end)),
  });
  assert.deepEqual(
    calls.filter((step) => !['sweep', 'secret'].includes(step)),
    ['heal', 'examine', 'stop', 'delete', 'discard', 'record', 'report'],
  );
  const { id, name } = job;
  assert.deepEqual(asked, [{ id, name }, 'task', 'pod', ['input', 'task'], name, 'spool/1.zip', true]);
  const [end] = recorded;
  assert.deepEqual([end?.status, end?.failure?.message, end?.revision], ['failed', CAUSE, 4]);
  assert.deepEqual(end?.logObjects, { task: 'left-alone-log.txt' });
  assert.deepEqual([reconciled.finished, reconciled.unfinished], [[name], []]);
});

test('of one pod the log of the task is kept to its end before the pod is stopped for the upload', async () => {
  const job = {
    ...aRunningJob('in-one-pod'),
    parameters: { docker_image: 'a', storage: { mode: 'ephemeral' } },
  } as const;
  const events: string[] = [];
  const pod = { jobUid: 'uid', podName: 'pod' };
  await runReconciliation({
    heal: healed(job),
    examine: () =>
      Promise.resolve({
        ...{ job, cause: CAUSE },
        seen: [
          { role: 'task', stage: 'running', ...pod },
          { role: 'cleanup', stage: 'pending', ...pod },
        ],
      }),
    stop: async (_ref, role) => {
      events.push(`stop ${role}`);
      await sleep(300);
      events.push(`stopped ${role}`);
      return {};
    },
  });
  assert.deepEqual(events, ['stop task', 'stopped task', 'stop cleanup', 'stopped cleanup']);
});

test('a job that cannot be ended is named, is told as before, and stops no other', async () => {
  const jobs = ['held', 'free'].map(aRunningJob);
  const recorded: string[] = [];
  const { reconciled } = await runReconciliation({
    heal: healed(...jobs),
    examine: ({ id }) =>
      Promise.resolve({ job: jobs.find((job) => job.id === id) ?? assert.fail(), cause: CAUSE, seen: [] }),
    delete: ({ name }) =>
      name === 'held' ? Promise.reject(ApplicationFailure.nonRetryable('still there: Job held')) : Promise.resolve(),
    record: (end) => (recorded.push(end.name), Promise.resolve(end)),
  });
  assert.deepEqual(recorded, ['free']);
  assert.deepEqual([reconciled.finished, reconciled.unfinished], [['free'], ['held: still there: Job held']]);
});

test('a job that has got its end meanwhile is left alone', async () => {
  const { calls, reconciled } = await runReconciliation({ heal: healed(aRunningJob('ended')) });
  assert.deepEqual(calls.toSorted(), ['examine', 'heal', 'report', 'secret', 'sweep']);
  assert.deepEqual(reconciled.finished, []);
});

test('the secret of the bucket is made again for jobs that wait for it, whoever has deleted it', async () => {
  const { calls } = await runReconciliation({});
  assert.deepEqual(
    calls.filter((step) => step === 'secret'),
    ['secret'],
  );
});
