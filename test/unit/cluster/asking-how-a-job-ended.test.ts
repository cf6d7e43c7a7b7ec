import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe } from '../../../cluster/outcome.ts';
import { aSyncedView, aView, failedJob, failedPod, runningPod } from '../../support/a-view.ts';
import { aKubernetesJob, anObservation, aPod, aRequest, running } from '../../support/objects.ts';

const { id, name } = aRequest();

test('an end that no pod shows is asked about, and the answer is told once', () => {
  const { view, asked, stages } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.jobs.upsert(failedJob());
  assert.deepEqual(
    asked.map(({ question }) => question),
    [{ id, name, role: 'task' }],
  );
  const answer = observe('task', failedJob(), [failedPod()]);
  asked[0]?.answer(answer);
  asked[0]?.answer({ ...answer, stage: 'succeeded' });
  assert.deepEqual(stages(), ['running', 'failed']);
});

test('an answer about another Job, or about one that is gone, is left aside', () => {
  const { view, asked, stages } = aSyncedView(failedJob(), []);
  asked[0]?.answer(anObservation({ jobUid: 'another', stage: 'failed' }));
  asked[0]?.answer(observe('task', undefined, []));
  view.clear();
  asked[0]?.answer(anObservation({ jobUid: 'task-uid', stage: 'failed' }));
  assert.deepEqual(stages(), []);
});

test('a pod that is gone is no pod of its Job any more, and the others stay', () => {
  const { view, told, asked } = aView();
  const other = aPod({ phase: 'Running', main: running });
  view.pods.replace([failedPod(), { ...other, metadata: { ...other.metadata, uid: 'other-pod-uid' } }]);
  view.pods.remove({ ...other, metadata: { ...other.metadata, uid: 'other-pod-uid' } });
  view.jobs.replace([failedJob()]);
  assert.deepEqual([told[0]?.observation.podUid, asked.length], ['task-pod-uid', 0]);
  const { view: second, told: none, asked: question } = aView();
  second.pods.replace([failedPod()]);
  second.pods.remove(failedPod());
  second.jobs.replace([failedJob()]);
  assert.deepEqual([none.length, question.length], [0, 1]);
});

test('a list of pods takes the place of all that was known of them', () => {
  const { view, asked } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.pods.replace([]);
  view.jobs.upsert(failedJob());
  assert.equal(asked.length, 1);
});

test('a pod that a later list does not have is no pod of a Job that comes then', () => {
  const { view, told, asked } = aView();
  view.pods.replace([failedPod()]);
  view.pods.replace([]);
  view.jobs.replace([failedJob()]);
  assert.deepEqual([told.length, asked.length], [0, 1]);
});

test('a question that was not answered is asked again when a pod goes', () => {
  const { view, asked } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.jobs.upsert(failedJob());
  view.pods.remove(runningPod());
  assert.equal(asked.length, 2);
});
