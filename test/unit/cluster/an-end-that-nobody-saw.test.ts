import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe } from '../../../cluster/outcome.ts';
import type { JobRole } from '../../../workflows/contract.ts';
import { aCondition, aKubernetesJob } from '../../support/objects.ts';

/** What is told of a Job whose pod is gone. */
function told(role: JobRole, reason: string, message: string, wasStopped = false) {
  const { stage, exitCode, failure } = observe(
    role,
    aKubernetesJob(role, [aCondition('Failed', { reason, message })]),
    [],
    wasStopped,
  );
  assert.equal(stage, 'failed');
  assert.equal(exitCode, failure?.container === role ? failure.exitCode : undefined);
  return { ...failure };
}

/** As Kubernetes words what its failure policy has matched. */
const exited = (container: string, code: number) =>
  `Container ${container} for pod default/words-x7k2p failed with exit code ${code} matching FailJob rule at index 1`;
const disrupted = 'Pod default/words-x7k2p has condition DisruptionTarget matching FailJob rule at index 0';

test('an eviction is told as one by the Job alone', () => {
  for (const role of ['task', 'cleanup'] as const) {
    const failure = told(role, 'PodFailurePolicy', disrupted, true);
    assert.deepEqual([failure.reason, failure.retryable], ['Evicted', true]);
  }
});

test('the exit code of a task outlives its pod', () => {
  const failure = told('task', 'PodFailurePolicy', exited('task', 3));
  assert.deepEqual([failure.reason, failure.container, failure.exitCode], ['UserError', 'task', 3]);
  assert.match(failure.message ?? '', /exited with code 3.*the pod was gone/);
});

test('a task that was asked to end before it did is no error of the user, and no success', () => {
  for (const code of [1, 137, 143])
    assert.deepEqual(
      [told('task', 'PodFailurePolicy', exited('task', code), true)].map(({ reason, exitCode }) => [reason, exitCode]),
      [['ClusterError', code]],
    );
  const complete = aKubernetesJob('task', [aCondition('Complete')]);
  const { stage, failure } = observe('task', complete, [], true);
  assert.deepEqual([stage, failure?.reason], ['failed', 'ClusterError']);
  assert.equal(observe('task', complete, [], false).stage, 'succeeded');
});

test('a Job that failed only because its stopped pod did not go on was stopped by somebody', () => {
  const failure = told('task', 'BackoffLimitExceeded', 'it says', true);
  assert.deepEqual([failure.reason, failure.phase], ['ClusterError', 'running']);
  assert.match(failure.message ?? '', /^somebody deleted the pod/);
});

test('an upload that was complete is complete, whoever deleted its pod', () => {
  assert.equal(observe('cleanup', aKubernetesJob('cleanup', [aCondition('Complete')]), [], true).stage, 'succeeded');
});

test('nobody can say who killed a container that is gone', () => {
  for (const [code, signal] of [
    [137, 9],
    [143, 15],
  ] as const) {
    const failure = told('task', 'PodFailurePolicy', exited('task', code));
    assert.deepEqual([failure.reason, failure.exitCode, failure.signal], ['Unknown', code, signal]);
  }
  assert.equal(told('task', 'PodFailurePolicy', exited('task', 139)).reason, 'UserError');
});

test('a transfer whose pod is gone has not brought the input, or not sent the output', () => {
  const input = told('task', 'PodFailurePolicy', exited('input', 1));
  assert.deepEqual([input.reason, input.phase, input.container], ['InputUnavailable', 'downloading', 'input']);
  assert.equal(input.exitCode, 1);
  const cleanup = told('cleanup', 'PodFailurePolicy', exited('cleanup', 137), true);
  assert.deepEqual([cleanup.reason, cleanup.phase], ['ClusterError', 'uploading']);
  assert.equal(told('cleanup', 'PodFailurePolicy', exited('cleanup', 1)).reason, 'OutputUploadFailed');
});

test('a container that is not ours, and a message that nobody knows, are told as they stand', () => {
  for (const message of [exited('proxy', 1), 'a policy of tomorrow', '']) {
    const failure = told('task', 'PodFailurePolicy', message);
    assert.deepEqual([failure.reason, failure.exitCode], ['Unknown', undefined]);
    assert.ok(failure.message?.includes(message));
  }
});

test('a Job that ran into its own deadline says so, and any other its reason', () => {
  assert.equal(told('task', 'DeadlineExceeded', 'it says', true).reason, 'RunTimeout');
  const failure = told('task', 'BackoffLimitExceeded', 'it says');
  assert.deepEqual([failure.reason, failure.phase], ['Unknown', 'running']);
  assert.match(failure.message ?? '', /^BackoffLimitExceeded: it says; /);
});
