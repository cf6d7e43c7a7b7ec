import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { observe, showsItsEnd } from '../../../cluster/outcome.ts';
import { aCondition, aKubernetesJob, aPod, ended, running, waiting } from '../../support/objects.ts';

test('a Job without a pod is pending', () => {
  assert.equal(observe('task', aKubernetesJob(), []).stage, 'pending');
});

test('a running init container is a download', () => {
  const pod = aPod({ init: running, main: waiting('PodInitializing') });
  assert.equal(observe('task', aKubernetesJob(), [pod]).stage, 'downloading');
});

test('an image that cannot be pulled is seen after the input has come, too', () => {
  const pod = aPod({ init: ended(0), main: waiting('ErrImageNeverPull', 'not present') });
  const { stage, trouble } = observe('task', aKubernetesJob(), [pod]);
  assert.deepEqual([stage, trouble?.failure.reason], ['downloaded', 'ImageNotFound']);
});

test('a Job that its queue holds back says so', () => {
  const job = aKubernetesJob();
  const queued = { ...job, spec: { suspend: true, template: {} } };
  const { stage, trouble } = observe('task', queued, []);
  assert.deepEqual([stage, trouble?.patience, trouble?.failure.reason], ['pending', 'wait', 'StartTimeout']);
  assert.match(trouble?.failure.message ?? '', /queue/);
});

test('a pod that is deleted from a lost node has failed, although nobody can say that its container has ended', () => {
  const conditions = [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }];
  const pod = aPod({ phase: 'Running', main: running, status: { conditions } });
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date() } };
  assert.equal(observe('task', aKubernetesJob(), [pod]).stage, 'running');
  const { stage, failure, exitCode } = observe('task', aKubernetesJob(), [deleted]);
  assert.deepEqual([stage, failure?.reason, exitCode], ['failed', 'NodeLost', undefined]);
});

test('a running task container is a running job, and the look says on which node and since when', () => {
  const observation = observe('task', aKubernetesJob(), [aPod({ phase: 'Running', init: ended(0), main: running })]);
  assert.equal(observation.stage, 'running');
  assert.equal(observation.nodeName, 'node-1');
  assert.equal(observation.startTime, 1_527_121_793_000);
});

test('exit code 0 of the task is success before the Job controller has counted it', () => {
  const observation = observe('task', aKubernetesJob(), [aPod({ phase: 'Running', main: ended(0) })]);
  assert.equal(observation.stage, 'succeeded');
  assert.equal(observation.exitCode, 0);
});

test('a Job that is complete has succeeded even when its pod is gone, and the exit code is not guessed', () => {
  const observation = observe(
    'task',
    aKubernetesJob('task', [aCondition('Suspended', { status: 'False' }), aCondition('Complete')]),
    [],
  );
  assert.equal(observation.stage, 'succeeded');
  assert.equal('exitCode' in observation, false);
});

test('a Job that failed and lost its pod fails for an unknown reason, not with exit code 0', () => {
  const observation = observe('task', aKubernetesJob('task', [aCondition('FailureTarget'), aCondition('Failed')]), []);
  assert.equal(observation.stage, 'failed');
  assert.equal(observation.failure?.reason, 'Unknown');
  assert.equal(observation.exitCode, undefined);
});

test('a Job that does not exist is missing, and that is a failure of the cluster', () => {
  const observation = observe('task', undefined, []);
  assert.equal(observation.stage, 'missing');
  assert.equal(observation.failure?.reason, 'ClusterError');
});

test('of two pods of one Job the one that succeeded counts', () => {
  const pods = [
    aPod({ name: 'a', phase: 'Failed', main: ended(1) }),
    aPod({ name: 'b', phase: 'Succeeded', main: ended(0) }),
  ];
  assert.equal(observe('task', aKubernetesJob(), pods).podName, 'b');
});

test('a pod of another Job is left aside', () => {
  const stranger = aPod({ role: 'cleanup', phase: 'Succeeded', main: ended(0) });
  assert.equal(observe('task', aKubernetesJob(), [stranger]).stage, 'pending');
});

test('no exit code but 0 is ever a success', () => {
  const codes = fc.integer({ min: 1, max: 255 });
  fc.assert(
    fc.property(codes, (exitCode) => {
      const observation = observe('task', aKubernetesJob(), [aPod({ phase: 'Failed', main: ended(exitCode) })]);
      assert.equal(observation.stage, 'failed');
      assert.equal(observation.exitCode, exitCode);
      assert.equal(observation.failure?.exitCode, exitCode);
    }),
  );
});

test('an end is shown by a pod that has ended, and neither by one that has not nor by none', () => {
  const job = aKubernetesJob('task', [aCondition('Failed')]);
  assert.equal(showsItsEnd('task', job, [aPod({ phase: 'Failed', main: ended(3) })]), true);
  assert.equal(showsItsEnd('task', job, [aPod({ phase: 'Running', main: running })]), false);
  assert.equal(showsItsEnd('task', job, []), false);
  assert.equal(showsItsEnd('task', aKubernetesJob(), []), true);
});

test('an upload that ended with 0 has sent all, even when its pod was being deleted', () => {
  const pod = aPod({ role: 'cleanup', phase: 'Succeeded', main: ended(0) });
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date() } };
  assert.equal(observe('cleanup', aKubernetesJob('cleanup'), [deleted]).stage, 'succeeded');
});

test('a pod belongs to the Job that is among its owners, whatever it is called', () => {
  const pod = aPod({ phase: 'Succeeded', main: ended(0) });
  const owned = (...uids: readonly string[]) => ({
    ...pod,
    metadata: {
      ...pod.metadata,
      ownerReferences: uids.map((uid) => ({ apiVersion: 'v1', kind: 'Job', name: 'a', uid })),
    },
  });
  assert.equal(observe('task', aKubernetesJob(), [owned('another', 'task-uid')]).stage, 'succeeded');
  const { stage, podName } = observe('task', aKubernetesJob(), [owned('another')]);
  assert.deepEqual([stage, podName], ['pending', undefined]);
});

test('of two pods that have not succeeded the newer counts', () => {
  const at = (name: string, time: string) => {
    const pod = aPod({ name, phase: 'Running', main: running });
    return { ...pod, metadata: { ...pod.metadata, creationTimestamp: new Date(time) } };
  };
  const pods = [at('older', '2026-01-01'), at('newest', '2026-01-03'), at('newer', '2026-01-02')];
  assert.equal(observe('task', aKubernetesJob(), pods).podName, 'newest');
});

test('a look says of which Job and pod it is, and leaves out what is not known', () => {
  const pod = aPod({ phase: 'Running', main: running });
  const { jobUid, podUid, podName } = observe('task', aKubernetesJob(), [pod]);
  assert.deepEqual([jobUid, podUid, podName], ['task-uid', 'task-pod-uid', pod.metadata?.name]);
  assert.deepEqual(observe('task', {}, [{}]), { role: 'task', stage: 'pending' });
  const bare = { metadata: { ownerReferences: pod.metadata?.ownerReferences ?? [] } };
  assert.deepEqual(observe('task', { metadata: { uid: 'task-uid' } }, [bare]), {
    role: 'task',
    jobUid: 'task-uid',
    stage: 'pending',
  });
});

test('an input that came by one of two init containers has not come wholly until the other runs', () => {
  const pod = aPod({ init: ended(0), main: waiting('PodInitializing') });
  const [first] = pod.status?.initContainerStatuses ?? [];
  assert.ok(first);
  const second = (state: object) => ({ ...pod, status: { initContainerStatuses: [first, { ...first, state }] } });
  assert.equal(observe('task', aKubernetesJob(), [second({})]).stage, 'downloaded');
  assert.equal(observe('task', aKubernetesJob(), [second(running)]).stage, 'downloading');
  assert.equal(observe('task', aKubernetesJob(), [aPod({ init: {}, main: {} })]).stage, 'pending');
});

test('what a transfer says of itself comes with its end', () => {
  const report = { ok: true, object: 'o', sizeBytes: 1, crc32c: 'AAAAAA==', files: 2 } as const;
  const fault = { ok: false, reason: 'OutputUploadFailed', message: 'm' } as const;
  const reportOf = (exitCode: number, message?: string) => {
    const main = ended(exitCode, message === undefined ? {} : { message });
    return observe('cleanup', aKubernetesJob('cleanup'), [aPod({ role: 'cleanup', main })]).report;
  };
  assert.deepEqual(reportOf(0, JSON.stringify(report)), report);
  assert.deepEqual(reportOf(1, JSON.stringify(fault)), fault);
  assert.equal(reportOf(0), undefined);
  assert.equal(reportOf(1, 'killed'), undefined);
});
