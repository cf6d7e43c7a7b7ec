import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe } from '../../../cluster/outcome.ts';
import { aKubernetesJob, aPod, ended } from '../../support/objects.ts';
import type { PodShape } from '../../support/objects.ts';

const failureOf = (shape: PodShape) => observe(shape.role ?? 'task', aKubernetesJob(shape.role), [aPod(shape)]).failure;

/** A task that ended with 0 at the very moment at which its pod was asked to go. */
function stoppedAtDeletion() {
  const requestedMs = 1_527_121_800_000;
  const pod = aPod({ phase: 'Succeeded', main: ended(0, { finishedAt: new Date(requestedMs) }) });
  const deletion = { deletionTimestamp: new Date(requestedMs + 10_000), deletionGracePeriodSeconds: 10 };
  return observe('task', aKubernetesJob(), [{ ...pod, metadata: { ...pod.metadata, ...deletion } }]);
}

test('only a code that a shell makes of a signal names one, unless the runtime names it', () => {
  const signals = [1, 128, 129, 159, 160, 255].map((code) => failureOf({ phase: 'Failed', main: ended(code) })?.signal);
  assert.deepEqual(signals, [undefined, undefined, 1, 31, undefined, undefined]);
  const failure = failureOf({ phase: 'Failed', main: ended(1, { signal: 15 }) });
  assert.deepEqual([failure?.signal, failure?.exitCode], [15, 1]);
  assert.equal('signal' in (failureOf({ phase: 'Failed', main: ended(3) }) ?? {}), false);
});

test('a failure of the task is one of the phase running', () => {
  assert.equal(failureOf({ phase: 'Failed', main: ended(3) })?.phase, 'running');
});

test('an exit code of its own under a memory limit is an error of the user', () => {
  assert.equal(failureOf({ phase: 'Failed', main: ended(1), memoryLimit: '64Mi' })?.reason, 'UserError');
});

test('SIGKILL under the memory limit of another container, or of none, is not taken for out of memory', () => {
  const pod = aPod({ phase: 'Failed', main: ended(137) });
  const limited = { name: 'input', resources: { limits: { memory: '64Mi' } } };
  const killed = { ...pod, spec: { initContainers: [limited], containers: [{ name: 'task' }] } };
  assert.equal(observe('task', aKubernetesJob(), [killed]).failure?.reason, 'UserError');
});

test('SIGKILL of a limited container whose pod is deleted is the end of its grace, not of its memory', () => {
  const pod = aPod({ phase: 'Failed', main: ended(137), memoryLimit: '64Mi' });
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date() } };
  assert.equal(observe('task', aKubernetesJob(), [deleted]).failure?.reason, 'ClusterError');
});

test('a task that ended at the moment of the deletion, or nobody knows when, was stopped', () => {
  assert.equal(stoppedAtDeletion().failure?.reason, 'ClusterError');
  const pod = aPod({ phase: 'Succeeded', main: ended(0) });
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date() } };
  assert.equal(observe('task', aKubernetesJob(), [deleted]).stage, 'failed');
});

test('a download without a report has not brought the input', () => {
  const failure = failureOf({ phase: 'Failed', init: ended(137) });
  assert.deepEqual([failure?.reason, failure?.phase, failure?.container], ['InputUnavailable', 'downloading', 'input']);
});

test('a pod that failed without a container that says why tells what the cluster says of it', () => {
  const messageOf = (status: PodShape['status']) => failureOf({ phase: 'Failed', ...(status && { status }) })?.message;
  assert.equal(messageOf({ message: 'the kubelet says', reason: 'Novel' }), 'the kubelet says');
  assert.match(messageOf({ reason: 'Novel' }) ?? '', /Novel/);
});

test('a lost container is told as its kubelet tells it', () => {
  const main = ended(137, { reason: 'ContainerStatusUnknown', message: 'could not be located' });
  assert.equal(failureOf({ phase: 'Failed', main })?.message, 'could not be located');
});

test('a disk is full when the pod was evicted for it, not when somebody writes of a disk', () => {
  const status = { message: 'a message about a disk' };
  assert.equal(failureOf({ phase: 'Failed', main: ended(1), status })?.reason, 'UserError');
});

test('a lost node is told in the words of the cluster, if it has any', () => {
  const lost = { reason: 'NodeLost' };
  assert.equal(failureOf({ phase: 'Failed', status: { ...lost, message: 'no heartbeat' } })?.message, 'no heartbeat');
  const conditions = [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' }];
  const failure = failureOf({ phase: 'Failed', status: { conditions } });
  assert.deepEqual([failure?.reason, failure?.message], ['NodeLost', 'the node of the pod is lost']);
  assert.equal(failureOf({ phase: 'Failed', status: lost })?.reason, 'NodeLost');
});

test('a disruption that did not come is no cause', () => {
  const conditions = [{ type: 'DisruptionTarget', status: 'False', reason: 'DeletionByTaintManager' }];
  assert.equal(failureOf({ phase: 'Failed', main: ended(1), status: { conditions } })?.reason, 'UserError');
});
