import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from '../../../cluster/differences.ts';
import { aSyncedView, aView, failedJob, failedPod, runningPod } from '../../support/a-view.ts';
import { aKubernetesJob } from '../../support/objects.ts';

test('what a list has more, less or otherwise than the one before is found, and nothing else', () => {
  const before = new Map([
    ['same', '1'],
    ['changed', '2'],
    ['gone', '3'],
  ]);
  const after = new Map([
    ['new', '4'],
    ['changed', '5'],
    ['same', '1'],
  ]);
  assert.deepEqual(differences(before, after).sort(), ['changed', 'gone', 'new']);
});

test('what changed between two lists is told', () => {
  const { view, stages } = aSyncedView(aKubernetesJob(), [runningPod()]);
  view.jobs.replace([aKubernetesJob()]);
  view.pods.replace([failedPod()]);
  assert.deepEqual(stages(), ['running', 'failed']);
});

test('an end that nothing explained is asked about with each list, until it is explained', () => {
  const { view, asked, stages } = aView();
  view.jobs.replace([failedJob()]);
  view.pods.replace([]);
  const first = asked.length;
  view.jobs.replace([failedJob()]);
  view.pods.replace([]);
  assert.equal(asked.length, first + 2);
  view.pods.replace([failedPod()]);
  view.pods.replace([failedPod()]);
  assert.deepEqual([asked.length, stages()], [first + 2, ['failed']]);
});
