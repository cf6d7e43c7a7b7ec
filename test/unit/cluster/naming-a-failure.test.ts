import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1JobSpec } from '@kubernetes/client-node';
import { observe } from '../../../cluster/outcome.ts';
import { FAILURE_REASONS } from '../../../workflows/failure-reasons.ts';
import { failureOf as describeFailure } from '../../../workflows/reasons.ts';
import { aKubernetesJob, aPod, ended, waiting } from '../../support/objects.ts';
import type { PodShape } from '../../support/objects.ts';

const failureOf = (shape: PodShape) => observe(shape.role ?? 'task', aKubernetesJob(shape.role), [aPod(shape)]).failure;

test('a task that exits with its own code is an error of the user', () => {
  const failure = failureOf({ phase: 'Failed', main: ended(3) });
  assert.deepEqual(
    {
      reason: failure?.reason,
      container: failure?.container,
      exitCode: failure?.exitCode,
      retryable: failure?.retryable,
    },
    { reason: 'UserError', container: 'task', exitCode: 3, retryable: false },
  );
});

test('the death by a signal is told with its name', () => {
  const failure = failureOf({ phase: 'Failed', main: ended(139) });
  assert.deepEqual([failure?.reason, failure?.signal, failure?.exitCode], ['UserError', 11, 139]);
  assert.match(failure?.message ?? '', /SIGSEGV/);
});

/**
 * A task that ended with `exitCode` `seconds` after its pod was asked to go, which it was given 10 s for. Its Job had begun 7 s
 * before that.
 */
function endedAfterDeletion(exitCode: number, seconds: number, spec: Partial<V1JobSpec> = {}) {
  const requestedMs = 1_527_121_800_000;
  const finishedAt = new Date(requestedMs + seconds * 1000);
  const pod = aPod({ phase: exitCode === 0 ? 'Succeeded' : 'Failed', main: ended(exitCode, { finishedAt }) });
  const deletion = { deletionTimestamp: new Date(requestedMs + 10_000), deletionGracePeriodSeconds: 10 };
  const job = { ...aKubernetesJob(), spec: { template: {}, ...spec } };
  return observe('task', job, [{ ...pod, metadata: { ...pod.metadata, ...deletion } }]);
}

test('a task that ends because somebody deleted its pod is no error of the user, and no success', () => {
  for (const exitCode of [143, 137, 1, 0]) {
    const { stage, failure } = endedAfterDeletion(exitCode, 1);
    assert.deepEqual([stage, failure?.reason, failure?.exitCode], ['failed', 'ClusterError', exitCode]);
    assert.equal(failure?.retryable, true);
  }
});

test('a task that had ended before its pod was deleted has ended as it did', () => {
  assert.equal(endedAfterDeletion(0, -2).stage, 'succeeded');
  assert.equal(endedAfterDeletion(3, -2).failure?.reason, 'UserError');
});

test('a task that the cluster stops at the deadline of its Job has run for too long, whatever it exits with', () => {
  for (const exitCode of [143, 1, 0]) {
    const { stage, failure } = endedAfterDeletion(exitCode, 1, { activeDeadlineSeconds: 7 });
    assert.deepEqual([stage, failure?.reason, failure?.exitCode], ['failed', 'RunTimeout', exitCode]);
  }
  assert.equal(endedAfterDeletion(143, 1, { activeDeadlineSeconds: 8 }).failure?.reason, 'ClusterError');
});

test('a pod that the cluster deletes at the deadline of its Job, before it runs, has taken too long', () => {
  const pod = aPod({ phase: 'Failed', main: waiting('ContainerCreating') });
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date(1_527_121_800_000) } };
  const at = (activeDeadlineSeconds: number) => ({
    ...aKubernetesJob(),
    spec: { activeDeadlineSeconds, template: {} },
  });
  assert.equal(observe('task', at(7), [deleted]).failure?.reason, 'RunTimeout');
  assert.equal(observe('task', at(8), [deleted]).failure?.reason, 'Unknown');
});

test('an exit code that the kubelet made up, as it had lost the container, is not told', () => {
  const terminated = ended(137, { reason: 'ContainerStatusUnknown', message: 'could not be located' });
  const pod = aPod({ phase: 'Failed', main: terminated, memoryLimit: '64Mi' });
  const { stage, failure, exitCode } = observe('task', aKubernetesJob(), [pod]);
  assert.deepEqual([stage, failure?.reason, failure?.exitCode, exitCode], ['failed', 'NodeLost', undefined, undefined]);
});

test('nor is the one that a runtime made up, as it was away when the container ended; a task may say 255 itself', () => {
  const lost = observe('task', aKubernetesJob(), [aPod({ phase: 'Failed', main: ended(255, { reason: 'Unknown' }) })]);
  assert.deepEqual([lost.failure?.reason, lost.failure?.exitCode, lost.exitCode], ['NodeLost', undefined, undefined]);
  const own = failureOf({ phase: 'Failed', main: ended(255, { reason: 'Error' }) });
  assert.deepEqual([own?.reason, own?.exitCode], ['UserError', 255]);
});

test('a container whose end its node does not know is tried anew, unless it was to end anyway', () => {
  const lost = ended(255, { reason: 'Unknown' });
  const failure = failureOf({ phase: 'Failed', main: lost });
  assert.deepEqual([failure?.container, failure?.retryable], ['task', true]);
  assert.match(failure?.message ?? '', /container task ended, and its node does not know how/);
  const pod = aPod({ phase: 'Failed', main: lost });
  const deletion = { deletionTimestamp: new Date(1_527_121_810_000), deletionGracePeriodSeconds: 10 };
  const reasonWith = (activeDeadlineSeconds: number) => {
    const job = { ...aKubernetesJob(), spec: { template: {}, activeDeadlineSeconds } };
    return observe('task', job, [{ ...pod, metadata: { ...pod.metadata, ...deletion } }]).failure?.reason;
  };
  assert.deepEqual([reasonWith(7), reasonWith(60)], ['RunTimeout', 'ClusterError']);
});

const RUNTIME_AWAY = [
  'failed to create containerd task: failed to create shim task: context canceled: unknown',
  'failed to start shim: start failed: ttrpc: closed: unknown',
  'rpc error: code = Unavailable desc = error reading from server: EOF',
  'connection error: desc = "transport: dial unix /run/containerd/containerd.sock: connect: connection refused"',
  'context deadline exceeded: unknown',
];
for (const message of RUNTIME_AWAY) {
  test(`a container that was not started, as the runtime went away, is tried anew: ${message}`, () => {
    const status = ended(128, { reason: 'StartError', message });
    for (const pod of [aPod({ phase: 'Failed', main: status }), aPod({ phase: 'Failed', init: status })]) {
      const { failure, exitCode } = observe('task', aKubernetesJob(), [pod]);
      const { reason, retryable, message: told } = failure ?? {};
      assert.deepEqual([reason, retryable, told, exitCode], ['NodeLost', true, message, undefined]);
      assert.equal(failure?.exitCode, undefined);
    }
  });
}

test('a transfer that cannot be started is no error of the user', () => {
  const failure = failureOf({ phase: 'Failed', init: ended(128, { reason: 'StartError', message: 'no such file' }) });
  assert.equal(failure?.reason, 'InputUnavailable');
});

test('every reason says what to do about it', () => {
  for (const reason of FAILURE_REASONS) assert.notEqual(describeFailure(reason, 'running', '').hint ?? '', '', reason);
});

test('the runtime says that the memory ran out', () => {
  const failure = failureOf({ phase: 'Failed', main: ended(137, { reason: 'OOMKilled' }) });
  assert.equal(failure?.reason, 'OOMKilled');
  assert.match(failure.hint ?? '', /memory/);
});

test('SIGKILL under a memory limit is taken for out of memory, without a limit it is not', () => {
  assert.equal(failureOf({ phase: 'Failed', main: ended(137), memoryLimit: '64Mi' })?.reason, 'OOMKilled');
  const failure = failureOf({ phase: 'Failed', main: ended(137) });
  assert.equal(failure?.reason, 'UserError');
  assert.equal(failure.signal, 9);
});

/** As containerd tells of a container that runc did not start. */
const notStarted = (cause: string) =>
  ended(128, { reason: 'StartError', message: `failed to create shim task: runc create failed: ${cause}: unknown` });

test('a command that is not in the image, or not executable, ends with the exit code of a shell', () => {
  for (const [cause, exitCode, message] of [
    ['exec: "nope": executable file not found in $PATH', 127, 'the command "nope" is not in the image'],
    ['exec: "/no/a b": stat /no/a b: no such file or directory', 127, 'the command "/no/a b" is not in the image'],
    ['exec: "/etc/passwd": permission denied', 126, 'the command "/etc/passwd" is not executable in the image'],
    ['exec: "/etc": is a directory: permission denied', 126, 'the command "/etc" is not executable in the image'],
  ] as const) {
    const { failure, exitCode: ofTask } = observe('task', aKubernetesJob(), [
      aPod({ phase: 'Failed', main: notStarted(cause), memoryLimit: '64Mi' }),
    ]);
    assert.deepEqual(
      [failure?.reason, failure?.message, failure?.exitCode, failure?.retryable, ofTask],
      ['UserError', message, exitCode, false, exitCode],
    );
    assert.match(failure?.hint ?? '', /command and args/);
  }
});

test('a container that cannot be started for another reason is told in the words of the runtime', () => {
  const failure = failureOf({ phase: 'Failed', main: notStarted('chdir to cwd ("/none") failed: permission denied') });
  assert.deepEqual([failure?.reason, failure?.exitCode], ['UserError', 128]);
  assert.match(failure?.message ?? '', /chdir to cwd/);
});

test('a memory limit that is too low to start a container is out of memory', () => {
  for (const cause of [
    'container init was OOM-killed (memory limit too low?)',
    'error during container init: unable to set memory limit to 524288 (current usage: 2277376, peak usage: 2523136)',
  ]) {
    const failure = failureOf({ phase: 'Failed', main: notStarted(cause), memoryLimit: '1Mi' });
    assert.deepEqual([failure?.reason, failure?.container], ['OOMKilled', 'task']);
    assert.equal(failureOf({ phase: 'Failed', init: notStarted(cause) })?.reason, 'OOMKilled');
  }
});

test('the report of the download names the reason', () => {
  const report = JSON.stringify({ ok: false, reason: 'InputInvalid', message: 'entry ../x leaves the folder' });
  const failure = failureOf({ phase: 'Failed', init: ended(1, { message: report }) });
  assert.deepEqual(
    { reason: failure?.reason, container: failure?.container, phase: failure?.phase, message: failure?.message },
    { reason: 'InputInvalid', container: 'input', phase: 'downloading', message: 'entry ../x leaves the folder' },
  );
});

test('an upload without a report has failed to upload', () => {
  const failure = failureOf({ role: 'cleanup', phase: 'Failed', main: ended(2) });
  assert.equal(failure?.reason, 'OutputUploadFailed');
  assert.equal(failure.phase, 'uploading');
});

test('an eviction is not charged to the task, whatever its exit code', () => {
  const status = { reason: 'Evicted', message: 'The node was low on resource: memory.' };
  assert.equal(failureOf({ phase: 'Failed', main: ended(137), status })?.reason, 'Evicted');
});

test('an eviction for disk space is a full disk', () => {
  const status = {
    reason: 'Evicted',
    message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.',
  };
  assert.equal(failureOf({ phase: 'Failed', status })?.reason, 'DiskFull');
});

test('a pod deleted from a node that went away was lost with it', () => {
  const conditions = [
    { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'node unreachable' },
  ];
  const failure = failureOf({ phase: 'Failed', main: ended(137), status: { conditions } });
  assert.equal(failure?.reason, 'NodeLost');
  assert.equal(failure.retryable, true);
});

test('a container that could not be started because its pod was being deleted is no error of the user', () => {
  const pod = aPod({ phase: 'Failed', main: ended(128, { reason: 'StartError', message: 'context canceled' }) });
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: new Date() } };
  assert.equal(observe('task', aKubernetesJob(), [deleted]).failure?.reason, 'ClusterError');
});

/** What a kubelet says when it does not admit a pod; older ones do not say that they reject. */
const REJECTIONS = [
  { reason: 'OutOfcpu', message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 4000, used: 0" },
  { reason: 'VolumeAttachmentLimitExceeded', message: 'Pod was rejected: Node has reached its limit' },
  { reason: 'UnexpectedAdmissionError', message: 'Allocate failed due to no healthy devices present' },
  { reason: 'NodeAffinity', message: 'Pod Predicate NodeAffinity failed' },
  { reason: 'OutOfmemory', message: "Node didn't have enough resource: memory" },
  { reason: 'Terminated', message: 'Pod was terminated in response to imminent node shutdown.' },
];

for (const status of REJECTIONS) {
  test(`a pod that its node rejects is an error of the cluster before the start, in the words of the kubelet: ${status.reason}`, () => {
    const { reason, phase, message, retryable } = failureOf({ phase: 'Failed', status }) ?? assert.fail();
    assert.deepEqual([reason, phase, message, retryable], ['ClusterError', 'starting', status.message, true]);
    assert.equal(failureOf({ role: 'cleanup', phase: 'Failed', status })?.phase, 'uploading');
  });
}

test('a pod that failed for a reason that nobody knows is told as such', () => {
  const { reason, message } = failureOf({ phase: 'Failed', status: { reason: 'Odd' } }) ?? assert.fail();
  assert.deepEqual([reason, message], ['Unknown', 'the pod failed: Odd']);
});

test('who has a transfer that ran out of memory is not told to give the task more', () => {
  const own = failureOf({ phase: 'Failed', main: ended(137, { reason: 'OOMKilled' }) });
  const ours = failureOf({ role: 'cleanup', phase: 'Failed', main: ended(137, { reason: 'OOMKilled' }) });
  assert.deepEqual([own?.container, ours?.container], ['task', 'cleanup']);
  assert.match(own?.hint ?? '', /resources\.limits\.memory/);
  assert.match(ours?.hint ?? '', /fewer files/);
});
