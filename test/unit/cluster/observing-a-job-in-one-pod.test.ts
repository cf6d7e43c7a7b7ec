import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { labelsOf } from '../../../cluster/names.ts';
import { observe, showsItsEnd } from '../../../cluster/outcome.ts';
import type { JobRole } from '../../../workflows/contract.ts';
import { aCondition, aKubernetesJob, aPod, aRequest, ended, running, waiting } from '../../support/objects.ts';

const labels = labelsOf({ ...aRequest(), storageMode: 'ephemeral' }, 'task');

type States = Readonly<Partial<Record<'input' | 'task' | 'cleanup', V1ContainerState>>>;

/** The one pod; beside its upload the task is a main container. */
function onePod(states: States, { isBeside = false, ...status }: V1Pod['status'] & { isBeside?: boolean } = {}): V1Pod {
  const pod = aPod();
  const all = Object.entries(states).map(([name, state]) => ({ ...STATUS, name, state }));
  const isInit = (name: string) => name === 'input' || (name === 'task' && !isBeside);
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    status: {
      initContainerStatuses: all.filter(({ name }) => isInit(name)),
      containerStatuses: all.filter(({ name }) => !isInit(name)),
      ...status,
    },
  };
}
const STATUS = { image: 'image', imageID: '', ready: false, restartCount: 0 };

const job = { ...aKubernetesJob(), metadata: { ...aKubernetesJob().metadata, labels } };
const stageOf = (role: JobRole, pod: V1Pod) => observe(role, job, [pod]).stage;
const notYet = waiting('PodInitializing');

test('each role is as far as its own containers are', () => {
  const stages = (states: States, status: V1Pod['status'] & { isBeside?: boolean } = {}) => {
    const pod = onePod(states, status);
    return [stageOf('task', pod), stageOf('cleanup', pod)];
  };
  assert.deepEqual(stages({ input: running, task: notYet, cleanup: notYet }), ['downloading', 'pending']);
  assert.deepEqual(stages({ input: ended(0), task: notYet, cleanup: notYet }), ['downloaded', 'pending']);
  assert.deepEqual(stages({ input: ended(0), task: running, cleanup: notYet }), ['running', 'pending']);
  assert.deepEqual(stages({ input: ended(0), task: ended(0), cleanup: notYet }), ['succeeded', 'pending']);
  assert.deepEqual(stages({ input: ended(0), task: ended(0), cleanup: running }), ['succeeded', 'running']);
  assert.deepEqual(stages({ input: ended(0), task: ended(0), cleanup: ended(0) }), ['succeeded', 'succeeded']);
  assert.deepEqual(stages({ task: ended(3), cleanup: running }, { isBeside: true }), ['failed', 'running']);
  const both = { task: ended(3), cleanup: ended(0) };
  assert.deepEqual(stages(both, { isBeside: true, phase: 'Failed' }), ['failed', 'succeeded']);
});

test('a task that ended well has, though the upload after it failed', () => {
  const report = JSON.stringify({ ok: false, reason: 'OutputUploadFailed', message: 'no bucket' });
  const pod = onePod({ task: ended(0), cleanup: ended(1, { message: report }) }, { phase: 'Failed' });
  assert.equal(stageOf('task', pod), 'succeeded');
  const upload = observe('cleanup', job, [pod]);
  assert.deepEqual(
    [upload.stage, upload.failure?.reason, upload.failure?.message],
    ['failed', 'OutputUploadFailed', 'no bucket'],
  );
});

test('an upload that never comes, as the task has failed, is no end of its own and no riddle', () => {
  const pod = onePod({ task: ended(3), cleanup: notYet }, { phase: 'Failed' });
  const failed = { ...job, status: { conditions: [aCondition('Failed', { reason: 'PodFailurePolicy' })] } };
  assert.equal(observe('cleanup', failed, [pod]).stage, 'pending');
  assert.equal(showsItsEnd('cleanup', failed, [pod]), true);
  const { stage, exitCode, failure } = observe('task', failed, [pod]);
  assert.deepEqual([stage, exitCode, failure?.reason], ['failed', 3, 'UserError']);
});

test('a task that its node ended has not succeeded, whatever it says, unless its upload had begun', () => {
  const evicted = { phase: 'Failed', reason: 'Evicted', message: 'low on memory' };
  const before = observe('task', job, [onePod({ task: ended(0), cleanup: notYet }, evicted)]);
  assert.deepEqual([before.stage, before.failure?.reason], ['failed', 'Evicted']);
  const after = onePod({ task: ended(0), cleanup: ended(137) }, evicted);
  assert.equal(stageOf('task', after), 'succeeded');
  assert.equal(observe('cleanup', job, [after]).failure?.reason, 'Evicted');
});

test('a trouble is that of the role whose container has it', () => {
  const pod = onePod({ task: ended(0), cleanup: waiting('ErrImageNeverPull', 'not there') });
  assert.equal(observe('cleanup', job, [pod]).trouble?.failure.reason, 'ImageNotFound');
  assert.equal(observe('task', job, [pod]).trouble, undefined);
});

test('a task that its node ended at its deadline ran for too long, whatever code it left', () => {
  const startedAt = new Date(1_527_121_794_000);
  const after = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000);
  const pod = (seconds: number, change = {}) => {
    const state = ended(143, { startedAt, finishedAt: after(seconds), ...change });
    const probed = { name: 'task', livenessProbe: { initialDelaySeconds: 20 + 1 } };
    return { ...onePod({ task: state, cleanup: running }, { isBeside: true }), spec: { containers: [probed] } };
  };
  const failureOf = (told: V1Pod) => observe('task', job, [told]).failure;
  assert.deepEqual([failureOf(pod(21))?.reason, failureOf(pod(20))?.reason], ['RunTimeout', 'UserError']);
  assert.match(failureOf(pod(21))?.message ?? '', /longer than 20 s/);
  assert.equal(failureOf(pod(22, { reason: 'OOMKilled', exitCode: 137 }))?.reason, 'OOMKilled');
  // It may do in peace what it does at its end, and say 0.
  assert.equal(failureOf(pod(21, { exitCode: 0 }))?.reason, 'RunTimeout');
  assert.equal(stageOf('task', pod(20, { exitCode: 0 })), 'succeeded');
});

test('a Job that failed for its upload, and whose pod is gone, had a task that ended well', () => {
  const message = 'Container cleanup for pod ns/p failed with exit code 1 matching FailJob rule at index 1';
  const failed = { ...job, status: { conditions: [aCondition('Failed', { reason: 'PodFailurePolicy', message })] } };
  assert.equal(observe('task', failed, []).stage, 'succeeded');
  assert.equal(observe('cleanup', failed, []).failure?.reason, 'OutputUploadFailed');
});
