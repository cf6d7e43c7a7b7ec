import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreV1Event } from '@kubernetes/client-node';
import { observe } from '../../../cluster/outcome.ts';
import { refusalTrouble } from '../../../cluster/refusal.ts';
import { aKubernetesJob, aPod, waiting } from '../../support/objects.ts';

const troubleOf = (reason: string, message: string) =>
  observe('task', aKubernetesJob(), [aPod({ main: waiting(reason, message) })]).trouble;

test('an image name that nobody can pull fails at once', () => {
  const trouble = troubleOf('InvalidImageName', "couldn't parse image reference");
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['InvalidImageName', 'now']);
});

test('an image that the registry does not know fails after a grace', () => {
  const trouble = troubleOf('ErrImagePull', 'failed to resolve reference "example/none:1": not found');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ImageNotFound', 'grace']);
});

test('a registry that refuses us fails after a grace', () => {
  const trouble = troubleOf('ImagePullBackOff', 'Back-off pulling image: pull access denied');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ImageUnauthorized', 'grace']);
});

test('a registry that cannot be reached is waited for', () => {
  const trouble = troubleOf('ErrImagePull', 'dial tcp: i/o timeout');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ImagePullTimeout', 'wait']);
});

test('a container that cannot be set up fails after a grace', () => {
  const trouble = troubleOf('CreateContainerError', 'failed to create: no such mount');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ConfigError', 'grace']);
});

test('a command that no runtime can run is an error of the user with the exit code of a shell, not waited for', () => {
  for (const [message, exitCode] of [
    ['runc create failed: exec: "nope": executable file not found in $PATH', 127],
    ['container create failed: executable file `nope` not found in $PATH: No such file or directory', 127],
    ['runc create failed: exec: "nope": permission denied', 126],
  ] as const) {
    const trouble = troubleOf('CreateContainerError', message);
    assert.deepEqual(
      [trouble?.failure.reason, trouble?.failure.exitCode, trouble?.patience],
      ['UserError', exitCode, 'now'],
      message,
    );
    assert.match(trouble?.failure.message ?? '', /^the command "nope" is not /);
    // Its container is told as terminated a moment later.
    assert.equal(troubleOf('RunContainerError', message)?.patience, 'grace');
  }
});

test('a memory limit that is too low for what starts the container is out of memory, not waited for', () => {
  const message = 'unable to start container process: container init was OOM-killed (memory limit too low?)';
  const trouble = troubleOf('CreateContainerError', message);
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['OOMKilled', 'now']);
});

test('a pod whose claim is gone is told as an error of the cluster after a grace', () => {
  const message = '0/1 nodes are available: persistentvolumeclaim "job-a-output" not found.';
  const trouble = scheduling({ message });
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ClusterError', 'grace']);
});

test('a runtime that is too busy to make the container is waited for', () => {
  for (const message of [
    'context deadline exceeded',
    'context canceled',
    'failed to reserve container name "task_x": name is reserved',
  ]) {
    const trouble = troubleOf('CreateContainerError', message);
    assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['StartTimeout', 'wait'], message);
  }
});

test('a container that is only being made is no trouble', () => {
  assert.equal(troubleOf('ContainerCreating', ''), undefined);
});

test('a pod that fits no node says what the scheduler says, and waits', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  const { trouble } = observe('task', aKubernetesJob(), [aPod({ status: { conditions } })]);
  assert.deepEqual(
    [trouble?.failure.reason, trouble?.failure.message, trouble?.patience],
    ['Unschedulable', message, 'wait'],
  );
});

const ruleOf = (reason: string, message = '') => {
  const trouble = troubleOf(reason, message);
  return [trouble?.failure.reason, trouble?.patience];
};

test('what a kubelet waits for is a trouble when it does not pass by itself', () => {
  assert.deepEqual(ruleOf('ErrImageNeverPull'), ['ImageNotFound', 'now']);
  for (const reason of ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])
    assert.deepEqual(ruleOf(reason), ['ConfigError', 'grace'], reason);
  for (const reason of ['PodInitializing', 'Novel', ''])
    assert.deepEqual(ruleOf(reason), [undefined, undefined], reason);
});

test('registries say in many ways that they refuse us, or do not know an image', () => {
  for (const message of [
    'unauthorized: incorrect username',
    'no basic auth: authentication required',
    'pull access denied for python',
    'denied: requested access',
    'unexpected status: 403 Forbidden',
    'unexpected status: 401 Unauthorized',
  ])
    assert.deepEqual(ruleOf('ErrImagePull', message), ['ImageUnauthorized', 'grace'], message);
  for (const message of ['python:none: not found', 'manifest unknown', 'name unknown', 'repository does not exist'])
    assert.deepEqual(ruleOf('ImagePullBackOff', message), ['ImageNotFound', 'grace'], message);
});

test('a trouble names its container and its phase, and says what the kubelet says', () => {
  const main = waiting('CreateContainerError', 'no such mount');
  const failure = observe('task', aKubernetesJob(), [aPod({ main })]).trouble?.failure;
  assert.deepEqual([failure?.container, failure?.phase, failure?.message], ['task', 'starting', 'no such mount']);
  const cleanup = observe('cleanup', aKubernetesJob('cleanup'), [aPod({ role: 'cleanup', main })]).trouble?.failure;
  assert.deepEqual([cleanup?.container, cleanup?.phase], ['cleanup', 'uploading']);
});

test('a trouble without a message is told by its reason', () => {
  const main = { waiting: { reason: 'ImagePullBackOff' } };
  assert.equal(observe('task', aKubernetesJob(), [aPod({ main })]).trouble?.failure.message, 'ImagePullBackOff');
});

test('of two containers in trouble the first is told, and one without is passed over', () => {
  const pod = aPod({ init: {}, main: waiting('InvalidImageName') });
  assert.equal(observe('task', aKubernetesJob(), [pod]).trouble?.failure.container, 'task');
  const both = aPod({ init: waiting('ErrImageNeverPull'), main: waiting('InvalidImageName') });
  assert.equal(observe('task', aKubernetesJob(), [both]).trouble?.failure.container, 'input');
});

const scheduling = (change: object) => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', ...change }];
  return observe('task', aKubernetesJob(), [aPod({ status: { conditions } })]).trouble;
};

test('only a pod that the scheduler calls unschedulable is in trouble with it', () => {
  assert.equal(scheduling({ status: 'True' }), undefined);
  assert.equal(scheduling({ type: 'Ready' }), undefined);
  assert.equal(scheduling({ reason: 'SchedulingGated' }), undefined);
  assert.deepEqual([scheduling({})?.failure.message, scheduling({})?.failure.phase], ['no node fits', 'starting']);
});

test('a Job that is held back names its queue, one that is not is in no trouble', () => {
  const job = aKubernetesJob();
  const labels = { ...job.metadata?.labels, 'kueue.x-k8s.io/queue-name': 'night' };
  const queued = { metadata: { ...job.metadata, labels }, spec: { suspend: true, template: {} } };
  const failure = observe('task', queued, []).trouble?.failure;
  assert.deepEqual([failure?.phase, /night/.test(failure?.message ?? '')], ['starting', true]);
  assert.equal(observe('task', { spec: { suspend: true, template: {} } }, []).trouble?.failure.reason, 'StartTimeout');
  for (const spec of [{ suspend: false, template: {} }, { template: {} }])
    assert.equal('trouble' in observe('task', { ...job, spec }, []), false);
  assert.equal('trouble' in observe('task', job, []), false);
});

test('an image that would be root where it may not fails at once, and its author is told what to do', () => {
  for (const message of [
    'container has runAsNonRoot and image will run as root (pod: "a_b(c)", container: task)',
    'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root',
    "container's runAsUser breaks non-root policy",
  ]) {
    const trouble = troubleOf('CreateContainerConfigError', message);
    assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ConfigError', 'now'], message);
    assert.equal(trouble?.failure.message, message);
    assert.match(trouble.failure.hint ?? '', /USER/);
  }
  const other = troubleOf('CreateContainerConfigError', 'secret "a" not found');
  assert.deepEqual([other?.patience, /USER/.test(other?.failure.hint ?? '')], ['grace', false]);
});

const failedCreate = (message: string, minute = 0): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  reason: 'FailedCreate',
  message: `Error creating: pods "a-x" is forbidden: ${message}`,
  lastTimestamp: new Date(Date.UTC(2018, 4, 24, 0, minute)),
});
const VIOLATION = 'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false';

test('a pod that its namespace never admits fails the job at once, in the words of the cluster', () => {
  for (const message of [
    VIOLATION,
    'maximum memory usage per Container is 1Gi, but limit is 2Gi',
    'minimum cpu usage per Pod is 1, but request is 500m',
    'memory max limit to request ratio per Container is 2, but provided ratio is 4.000000',
    'no PriorityClass with name a was found',
    'failed quota: a: must specify limits.cpu for: task; limits.memory for: input,task',
    'exceeded quota: a, requested: limits.cpu=2,pods=1, used: limits.cpu=0,pods=0, limited: limits.cpu=1500m,pods=5',
    'pod node label selector conflicts with its namespace node label selector',
    'unable to validate against any security context constraint: provider restricted-v2: Forbidden',
    "ValidatingAdmissionPolicy 'owners' with binding 'owners' denied request: no owner",
  ]) {
    const trouble = refusalTrouble('task', [failedCreate(message)]);
    assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ConfigError', 'now'], message);
    assert.equal(trouble?.failure.phase, 'starting');
    assert.ok(trouble.failure.message.endsWith(message));
  }
  const [ofPolicy, ofLimits] = [VIOLATION, 'maximum cpu usage per Container is 1'].map(
    (message) => refusalTrouble('cleanup', [failedCreate(message)])?.failure,
  );
  assert.match(ofPolicy?.hint ?? '', /POD_SECURITY/);
  assert.match(ofLimits?.hint ?? '', /limit ranges/);
  assert.equal(ofPolicy?.phase, 'uploading');
});

test('a pod that is made invalid by the defaults of its namespace fails the job at once', () => {
  const message = 'Error creating: Pod "a-x" is invalid: spec.containers[0].resources.requests: Invalid value: "500m"';
  const trouble = refusalTrouble('task', [{ ...failedCreate(''), message }]);
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ConfigError', 'now']);
});

test('a webhook that denies a pod is believed after a grace, and one that cannot be called may come back', () => {
  const denied = refusalTrouble('task', [failedCreate('admission webhook "a.example.com" denied the request: no')]);
  assert.deepEqual([denied?.failure.reason, denied?.patience], ['ConfigError', 'grace']);
  assert.equal(refusalTrouble('task', [failedCreate('failed calling webhook "a.example.com": timeout')]), undefined);
});

test('a refusal that may pass, or is over, is no trouble', () => {
  for (const message of [
    'exceeded quota: a, requested: pods=1, used: pods=1, limited: pods=1',
    'exceeded quota: held, requested: pods=1, used: pods=0, limited: pods=0',
    'error looking up service account a/default: serviceaccount "default" not found',
  ])
    assert.equal(refusalTrouble('task', [failedCreate(message)]), undefined, message);
  const quota = failedCreate('exceeded quota: a', 2);
  assert.equal(refusalTrouble('task', [quota, failedCreate(VIOLATION, 1)]), undefined);
  assert.notEqual(
    refusalTrouble('task', [failedCreate('exceeded quota: a', 1), failedCreate(VIOLATION, 2)]),
    undefined,
  );
  assert.equal(refusalTrouble('task', [{ ...failedCreate(VIOLATION), reason: 'Other' }]), undefined);
  assert.equal(refusalTrouble('task', []), undefined);
});
