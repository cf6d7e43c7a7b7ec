import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1ContainerState, V1Job, V1JobCondition, V1Pod } from '@kubernetes/client-node';
import { labelsOf } from '../../../cluster/names.ts';
import { aSyncedView } from '../../support/a-view.ts';
import type { HeardView } from '../../support/a-view.ts';
import {
  aCondition,
  aKubernetesJob,
  anObservation,
  aPod,
  aRequest,
  ended,
  running,
  waiting,
} from '../../support/objects.ts';

const labels = labelsOf({ ...aRequest(), storageMode: 'ephemeral' }, 'task');

function oneJob(...conditions: V1JobCondition[]): V1Job {
  const job = aKubernetesJob('task', conditions);
  return { ...job, metadata: { ...job.metadata, labels } };
}

/** A pod whose containers are so. */
function onePod(task: V1ContainerState, cleanup: V1ContainerState, phase = 'Running'): V1Pod {
  const pod = aPod({ phase, main: task });
  const [status] = pod.status?.containerStatuses ?? [];
  const second = { ...status, name: 'cleanup', state: cleanup } as NonNullable<typeof status>;
  const metadata = { ...pod.metadata, labels };
  return { ...pod, metadata, status: { ...pod.status, containerStatuses: status ? [status, second] : [] } };
}

const told = ({ told }: HeardView) => told.map(({ observation: { role, stage } }) => `${role} ${stage}`);
const questions = ({ asked }: HeardView) => asked.map(({ question }) => (question as { role: string }).role);

test('of a pod that does all, each part is told by its role', () => {
  const heard = aSyncedView(oneJob(), [onePod(running, running)]);
  heard.view.pods.upsert(onePod(ended(0), running));
  heard.view.pods.upsert(onePod(ended(0), ended(0), 'Succeeded'));
  heard.view.jobs.upsert(oneJob(aCondition('Complete')));
  heard.view.jobs.remove(oneJob(aCondition('Complete')));
  assert.deepEqual(told(heard), ['task running', 'task succeeded', 'cleanup succeeded']);
  assert.deepEqual(questions(heard), []);
});

test('nothing is told or asked of the upload while the task has not ended', () => {
  const heard = aSyncedView(oneJob(), [onePod(running, ended(0))]);
  heard.view.jobs.upsert(oneJob(aCondition('Complete')));
  assert.deepEqual([told(heard), questions(heard)], [['task running'], ['task']]);
});

test('when the cluster has been asked how the task ended, it is asked for the upload, too', () => {
  const heard = aSyncedView(oneJob(), []);
  heard.view.jobs.upsert(oneJob(aCondition('Complete')));
  for (const [index, role] of (['task', 'cleanup'] as const).entries())
    heard.asked[index]?.answer(anObservation({ role, stage: 'succeeded' }));
  assert.deepEqual(told(heard), ['task succeeded', 'cleanup succeeded']);
  assert.deepEqual(questions(heard), ['task', 'cleanup']);
});

test('a Job that is deleted while its task runs is missing once', () => {
  const heard = aSyncedView(oneJob(), [onePod(running, running)]);
  heard.view.jobs.remove(oneJob());
  assert.deepEqual(told(heard), ['task running', 'task missing']);
});

test('a Job that is deleted during the upload is missing for who waits for that', () => {
  const heard = aSyncedView(oneJob(), [onePod(ended(0), running)]);
  heard.view.jobs.replace([]);
  assert.deepEqual(told(heard), ['task succeeded', 'cleanup missing']);
});

test('of a task that has failed the upload is told when it has ended, and not before', () => {
  const heard = aSyncedView(oneJob(), [onePod(ended(3), running)]);
  assert.deepEqual(told(heard), ['task failed']);
  heard.view.pods.upsert(onePod(ended(3), ended(1), 'Failed'));
  assert.deepEqual(told(heard), ['task failed', 'cleanup failed']);
});

test('a Job that is deleted after its task has failed is no news', () => {
  const heard = aSyncedView(oneJob(), [onePod(ended(3), running)]);
  heard.view.jobs.remove(oneJob());
  assert.deepEqual(told(heard), ['task failed']);
});

test('nothing is told or asked of an upload that never begins, as the task has failed', () => {
  const heard = aSyncedView(oneJob(), [onePod(ended(3), waiting('PodInitializing'))]);
  heard.view.pods.upsert(onePod(ended(3), waiting('PodInitializing'), 'Failed'));
  heard.view.jobs.upsert(oneJob(aCondition('Failed')));
  heard.view.pods.replace([]);
  assert.deepEqual([told(heard), questions(heard)], [['task failed'], []]);
});

test('an upload after a task that has failed, of which no pod shows the end, is asked for', () => {
  const heard = aSyncedView(oneJob(), [onePod(ended(3), running)]);
  heard.view.jobs.upsert(oneJob(aCondition('Failed')));
  heard.asked[0]?.answer(anObservation({ role: 'cleanup', stage: 'failed' }));
  assert.deepEqual([told(heard), questions(heard)], [['task failed', 'cleanup failed'], ['cleanup']]);
});
