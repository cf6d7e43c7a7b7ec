import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe } from '../../../cluster/outcome.ts';
import { createView } from '../../../cluster/view.ts';
import { aSyncedView, aView, failedJob, failedPod, runningPod } from '../../support/a-view.ts';
import { aCondition, aKubernetesJob, aPod, aRequest, ended, waiting } from '../../support/objects.ts';

const { name } = aRequest();

test('what a Job does is told by the name of its job', () => {
  const { told } = aSyncedView(aKubernetesJob(), [runningPod()]);
  assert.deepEqual(told, [{ jobName: name, observation: observe('task', aKubernetesJob(), [runningPod()]) }]);
});

test('nothing is said before both lists have come', () => {
  const { view, told, asked } = aView();
  view.pods.replace([failedPod()]);
  view.pods.upsert(failedPod());
  assert.deepEqual([told, asked], [[], []]);
  view.jobs.replace([failedJob()]);
  assert.equal(told.length, 1);
});

test('what is seen twice is told once', () => {
  const { view, stages } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.pods.upsert(runningPod());
  view.jobs.upsert(aKubernetesJob());
  view.jobs.replace([aKubernetesJob()]);
  view.pods.replace([runningPod()]);
  assert.deepEqual(stages(), ['running']);
});

test('after the end nothing more is told, asked or taken back', () => {
  const { view, asked, stages } = aSyncedView();
  view.pods.upsert(failedPod());
  view.pods.upsert(runningPod());
  view.jobs.upsert(failedJob());
  view.pods.remove(failedPod());
  view.jobs.remove(failedJob());
  assert.deepEqual([stages(), asked], [['failed'], []]);
});

test('a Job that vanishes is told as missing, by an event as by a list, with its UID', () => {
  for (const vanish of ['event', 'list'] as const) {
    const { view, told } = aSyncedView();
    if (vanish === 'event') view.jobs.remove(aKubernetesJob());
    else view.jobs.replace([]);
    assert.deepEqual(told, [{ jobName: name, observation: { ...observe('task', undefined, []), jobUid: 'task-uid' } }]);
  }
});

test('a Job that is deleted after its end, and before its pod is seen, has ended as it says', () => {
  const { view, stages, asked } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.jobs.upsert(aKubernetesJob('task', [aCondition('Complete')]));
  assert.equal(asked.length, 1);
  view.jobs.remove(aKubernetesJob('task', [aCondition('Complete')]));
  assert.deepEqual(stages(), ['running', 'succeeded']);
});

test('a Job that vanished is forgotten: one with the same UID is told anew', () => {
  const { view, stages } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.pods.upsert(failedPod());
  view.jobs.remove(aKubernetesJob());
  view.jobs.upsert(aKubernetesJob());
  assert.deepEqual(stages(), ['running', 'failed', 'failed']);
});

test('a Job without the labels of a job is nobody’s', () => {
  for (const label of ['job-id', 'job-name', 'role']) {
    const job = aKubernetesJob('task', [aCondition('Complete')]);
    delete job.metadata?.labels?.[`kubernetes-task-runner/${label}`];
    const { view, told, asked } = aSyncedView(job, [aPod({ phase: 'Succeeded', main: ended(0) })]);
    view.jobs.remove(job);
    assert.deepEqual([told, asked], [[], []], label);
  }
});

test('objects without metadata change nothing', () => {
  const { view, told } = aSyncedView();
  view.jobs.upsert({});
  view.pods.upsert({});
  view.pods.remove({});
  assert.deepEqual(told, []);
});

test('a trouble and its end are told, an ordinary wait is not', () => {
  const { view, told } = aSyncedView(aKubernetesJob(), [aPod({ main: waiting('ContainerCreating') })]);
  view.pods.upsert(aPod({ main: waiting('ErrImagePull', 'dial tcp: i/o timeout') }));
  assert.equal(told.length, 0);
  view.pods.upsert(aPod({ main: waiting('ErrImagePull', 'manifest unknown') }));
  view.pods.upsert(aPod({ main: waiting('ContainerCreating') }));
  assert.deepEqual(
    told.map(({ observation }) => observation.trouble?.failure.reason),
    ['ImageNotFound', undefined],
  );
});

test('a list of Jobs alone says nothing, although one of them has ended', () => {
  const { view, told, asked } = aView();
  view.jobs.replace([failedJob()]);
  view.jobs.upsert(failedJob());
  assert.deepEqual([told, asked], [[], []]);
});

test('the removal of a pod that nobody has seen changes nothing', () => {
  const { view, told } = aSyncedView(aKubernetesJob(), []);
  view.pods.remove(runningPod());
  assert.deepEqual(told, []);
});

test('a pod is joined to the Job among its owners', () => {
  const pod = failedPod();
  const other = { apiVersion: 'v1', kind: 'Queue', name: 'night', uid: 'queue-uid' };
  const ownerReferences = [other, ...(pod.metadata?.ownerReferences ?? [])];
  const { stages } = aSyncedView(aKubernetesJob(), [{ ...pod, metadata: { ...pod.metadata, ownerReferences } }]);
  assert.deepEqual(stages(), ['failed']);
  const { stages: ofNone } = aSyncedView(aKubernetesJob(), [
    { ...pod, metadata: { uid: 'a', ownerReferences: [other] } },
  ]);
  assert.deepEqual(ofNone(), []);
});

test('a listener that fails over one Job keeps no other from being told, and the fault is told', () => {
  const faults: unknown[] = [];
  const told: string[] = [];
  const view = createView({
    onFault: (jobUid, error) => faults.push([jobUid, (error as Error).message]),
    onObservation: (jobName, { stage }) => {
      if (jobName === 'bad') throw new Error('a fault');
      told.push(stage);
    },
    onUnexplainedEnd: () => assert.fail('nothing is asked'),
  });
  const { metadata } = aKubernetesJob();
  const labels = { ...metadata?.labels, 'kubernetes-task-runner/job-name': 'bad' };
  view.jobs.replace([{ metadata: { ...metadata, uid: 'bad-uid', labels } }, aKubernetesJob()]);
  view.pods.replace([runningPod()]);
  view.jobs.replace([]);
  assert.deepEqual([told, faults], [['running', 'missing'], [['bad-uid', 'a fault']]]);
});

test('with an edge comes the time at which a container changed last, if one did', () => {
  const changes: (number | undefined)[] = [];
  const view = createView({
    onFault: (_, error) => assert.ifError(error),
    onObservation: (_jobName, _observation, changedMs) => changes.push(changedMs),
    onUnexplainedEnd: () => assert.fail('nothing is asked'),
  });
  const at = (ms: number) => new Date(1_527_121_800_000 + ms);
  const input = ended(0, { finishedAt: at(2000) });
  view.jobs.replace([aKubernetesJob()]);
  view.pods.replace([aPod({ init: { running: { startedAt: at(1000) } }, main: waiting('PodInitializing') })]);
  view.pods.upsert(aPod({ init: input, main: { running: { startedAt: at(3000) } } }));
  view.pods.upsert(
    aPod({ phase: 'Failed', init: input, main: ended(3, { startedAt: at(3000), finishedAt: at(4000) }) }),
  );
  assert.deepEqual(changes, [at(1000).getTime(), at(3000).getTime(), at(4000).getTime()]);
  view.clear();
  view.jobs.replace([aKubernetesJob()]);
  view.pods.replace([aPod({ main: waiting('InvalidImageName') })]);
  view.pods.replace([aPod({ phase: 'Failed', status: { reason: 'Evicted' } })]);
  assert.deepEqual(changes.slice(3), [undefined, undefined]);
});
