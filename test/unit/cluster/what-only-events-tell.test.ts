import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { createPoll } from '../../../activities/poll.ts';
import type { Cluster } from '../../../cluster/client.ts';
import { createLook } from '../../../cluster/look.ts';
import { observe } from '../../../cluster/outcome.ts';
import type { Observation } from '../../../workflows/observation.ts';
import { anActivity } from '../../support/activity.ts';
import { aKubernetesJob, anObservation, aPod, aRequest, waiting } from '../../support/objects.ts';

const anEvent = (reason: string, message: string): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  ...{ reason, message },
  lastTimestamp: new Date(1_527_121_800_000),
});
const REFUSED = anEvent('FailedCreate', 'Error creating: pods "a-x" is forbidden: violates PodSecurity "baseline"');
const TOO_LOW = anEvent(
  'FailedCreatePodSandBox',
  'Failed to create pod sandbox: runc create failed: container init was OOM-killed (memory limit too low?): unknown',
);
const NO_CLASS = anEvent('ProvisioningFailed', 'storageclass.storage.k8s.io "nowhere" not found');

const unscheduled = (message: string) => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  const pod = aPod({ status: { conditions } });
  return { ...pod, spec: { ...pod.spec, nodeName: undefined } } as unknown as V1Pod;
};

/** A cluster with these pods and events, and what it was asked events of. */
function aCluster(pods: readonly V1Pod[], event: CoreV1Event, suspend = false) {
  const asked: string[] = [];
  const cluster = {
    findJob: () => Promise.resolve({ ...aKubernetesJob(), spec: { suspend, template: {} } }),
    listPods: () => Promise.resolve(pods),
    listEvents: (uid: string) => Promise.resolve(void asked.push(uid)).then(() => [event]),
    listPodEvents: () => Promise.resolve([]),
    listClaimEvents: () => Promise.resolve(void asked.push('claims')).then(() => [event]),
  } as unknown as Cluster;
  return { cluster, asked };
}

async function look(pods: readonly V1Pod[], event: CoreV1Event, suspend = false) {
  const { cluster, asked } = aCluster(pods, event, suspend);
  const { trouble } = await createLook(cluster)(aRequest(), 'task');
  return { reason: trouble?.failure.reason, patience: trouble?.patience, asked };
}

test('the events of a Job tell why it has no pod, unless it is held back', async () => {
  assert.deepEqual(await look([], REFUSED), { reason: 'ConfigError', patience: 'now', asked: ['task-uid'] });
  assert.deepEqual(await look([], REFUSED, true), { reason: 'StartTimeout', patience: 'wait', asked: [] });
});

test('the events of a pod tell that its memory limit is too low to set it up', async () => {
  const creating = aPod({ main: waiting('ContainerCreating') });
  assert.deepEqual(await look([creating], TOO_LOW), { reason: 'OOMKilled', patience: 'now', asked: ['task-pod-uid'] });
  const mount = anEvent('FailedMount', 'secret "a" not found');
  assert.deepEqual(await look([creating], mount), { reason: undefined, patience: undefined, asked: ['task-pod-uid'] });
});

test('the events of claims tell that their storage class does not exist, when a pod waits for them', async () => {
  const unbound = unscheduled('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.');
  assert.deepEqual(await look([unbound], NO_CLASS), { reason: 'ConfigError', patience: 'now', asked: ['claims'] });
  const slow = anEvent('ProvisioningFailed', 'context deadline exceeded');
  assert.deepEqual(await look([unbound], slow), { reason: 'Unschedulable', patience: 'wait', asked: ['claims'] });
  const full = unscheduled('0/1 nodes are available: 1 Insufficient cpu.');
  assert.deepEqual(await look([full], NO_CLASS), { reason: 'Unschedulable', patience: 'wait', asked: [] });
});

test('of a pod that is in trouble, or whose containers run, no events are asked', async () => {
  const pulling = aPod({ main: waiting('ErrImagePull', 'i/o timeout') });
  assert.deepEqual(await look([pulling], TOO_LOW), { reason: 'ImagePullTimeout', patience: 'wait', asked: [] });
  const running = aPod({ main: { running: {} } });
  assert.deepEqual(await look([running], TOO_LOW), { reason: undefined, patience: undefined, asked: [] });
});

test('a pod that the watches show as pending is looked at by its events alone', async () => {
  const pod = aPod({ main: waiting('ContainerCreating') });
  const { cluster, asked } = aCluster([pod], TOO_LOW);
  const shown = observe('task', aKubernetesJob(), [pod]);
  const poll = createPoll({ cluster, watches: { shows: () => shown, areTold: () => true } });
  const look = (): Promise<Observation> => anActivity().run(() => poll(aRequest(), 'task', anObservation(shown)));
  const { trouble } = await look();
  assert.deepEqual([trouble?.failure.reason, asked], ['OOMKilled', ['task-pod-uid']]);
});
