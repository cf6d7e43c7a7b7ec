import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobRef } from '../../../workflows/observation.ts';
import { aSyncedView, aView, failedPod, runningPod } from '../../support/a-view.ts';
import type { HeardView } from '../../support/a-view.ts';
import { aCondition, aKubernetesJob, anObservation, aPod, aRequest, ended } from '../../support/objects.ts';

const { id, name } = aRequest();
const ref: JobRef = { id, name };
const shown = ({ view }: HeardView) => view.shows(ref, 'task')?.stage;

test('a view shows what it saw last of a Job and its pod, and how it ended', () => {
  const heard = aSyncedView(aKubernetesJob(), [aPod()]);
  assert.equal(shown(heard), 'pending');
  heard.view.pods.upsert(runningPod());
  assert.equal(shown(heard), 'running');
  heard.view.pods.upsert(failedPod());
  heard.view.pods.remove(failedPod());
  assert.equal(shown(heard), 'failed');
});

test('a pending pod is shown as it was seen last, also when a workflow has nothing to do about the change', () => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node fits' }];
  const waiting = aPod({ status: { conditions } });
  const heard = aSyncedView(aKubernetesJob(), [{ ...waiting, spec: { containers: [] } }]);
  heard.view.pods.upsert(aPod());
  const { nodeName, trouble } = heard.view.shows(ref, 'task') ?? {};
  assert.deepEqual([nodeName, trouble, heard.told.length], ['node-1', undefined, 0]);
});

test('of a Job that it does not see a view shows nothing', () => {
  const heard = aSyncedView();
  assert.equal(heard.view.shows({ ...ref, id: 'of another job' }, 'task'), undefined);
  assert.equal(heard.view.shows({ ...ref, attempt: 2 }, 'task'), undefined);
  assert.equal(heard.view.shows(ref, 'cleanup'), undefined);
  heard.view.jobs.remove(aKubernetesJob());
  assert.equal(shown(heard), undefined);
});

test('a Job that took the name of another is shown when that is gone', () => {
  const heard = aSyncedView();
  const { metadata } = aKubernetesJob();
  const later = { metadata: { ...metadata, uid: 'later-uid' } };
  heard.view.jobs.upsert(later);
  heard.view.jobs.remove(aKubernetesJob());
  assert.equal(shown(heard), undefined, 'it has no pod yet');
  const own = failedPod();
  const ownerReferences = own.metadata?.ownerReferences?.map((owner) => ({ ...owner, uid: 'later-uid' })) ?? [];
  heard.view.pods.upsert({ ...own, metadata: { ...own.metadata, ownerReferences } });
  assert.equal(shown(heard), 'failed');
});

test('what only the cluster can tell is not shown: a Job without a pod, or an end that no pod shows', () => {
  assert.equal(shown(aSyncedView(aKubernetesJob(), [])), undefined);
  const heard = aSyncedView(aKubernetesJob(), [runningPod()]);
  heard.view.jobs.upsert(aKubernetesJob('task', [aCondition('Complete')]));
  assert.equal(shown(heard), undefined);
  heard.asked[0]?.answer(anObservation({ stage: 'succeeded' }));
  assert.equal(shown(heard), 'succeeded');
});

test('a view that has not seen both lists, or is cleared, shows nothing', () => {
  const heard = aView();
  heard.view.jobs.replace([aKubernetesJob()]);
  assert.equal(shown(heard), undefined);
  heard.view.pods.replace([runningPod()]);
  heard.view.clear();
  assert.equal(shown(heard), undefined);
});

test('all that matters is told again, as a list would tell it', () => {
  const heard = aSyncedView(aKubernetesJob(), [runningPod()]);
  heard.view.repeat();
  assert.deepEqual(heard.stages(), ['running', 'running']);
  heard.view.pods.upsert(failedPod());
  heard.view.repeat();
  assert.deepEqual(heard.stages(), ['running', 'running', 'failed', 'failed']);
  heard.view.jobs.remove(aKubernetesJob());
  heard.view.repeat();
  assert.equal(heard.told.length, 4);
});

test('what does not matter is not told again', () => {
  const heard = aSyncedView(aKubernetesJob('cleanup'), [aPod({ role: 'cleanup', main: ended(0) })]);
  heard.view.repeat();
  assert.deepEqual(heard.stages(), ['succeeded', 'succeeded']);
  const waiting = aSyncedView();
  waiting.view.repeat();
  assert.deepEqual(waiting.told, []);
});
