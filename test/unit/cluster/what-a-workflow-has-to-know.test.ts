import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInteresting, signatureOf } from '../../../cluster/edges.ts';
import type { Observation, ObservedStage, Trouble } from '../../../workflows/observation.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { anObservation } from '../../support/objects.ts';

const trouble: Trouble = { patience: 'grace', failure: failureOf('ImageNotFound', 'starting', 'not found') };
const STAGES: readonly ObservedStage[] = [
  'pending',
  'downloading',
  'downloaded',
  'running',
  'succeeded',
  'failed',
  'missing',
];

const interesting = (change: Partial<Observation>) =>
  STAGES.filter((stage) => isInteresting(anObservation({ ...change, stage }), anObservation()));

test('of a task it is told when a container runs and how it ends', () => {
  assert.deepEqual(interesting({}), ['downloading', 'running', 'succeeded', 'failed']);
});

test('of an upload nobody is shown but the end', () => {
  assert.deepEqual(interesting({ role: 'cleanup' }), ['succeeded', 'failed']);
});

test('a trouble is told, and that it is over', () => {
  assert.deepEqual(interesting({ trouble }), STAGES);
  assert.equal(isInteresting(anObservation(), anObservation({ trouble })), true);
  assert.equal(isInteresting(anObservation(), undefined), false);
});

test('a trouble that is only waited for is not told, nor that it is over', () => {
  const waiting: Trouble = { ...trouble, patience: 'wait' };
  assert.deepEqual(interesting({ trouble: waiting }), interesting({}));
  assert.equal(isInteresting(anObservation(), anObservation({ trouble: waiting })), false);
  assert.equal(signatureOf(anObservation({ trouble: waiting })), signatureOf(anObservation()));
});

test('a trouble that is told, and then only waited for, is told to be over', () => {
  const waiting: Trouble = { ...trouble, patience: 'wait' };
  assert.equal(isInteresting(anObservation({ trouble: waiting }), anObservation({ trouble })), true);
});

test('two looks say the same when stage, pod and trouble are the same', () => {
  const known = signatureOf(anObservation({ trouble }));
  assert.equal(signatureOf(anObservation({ trouble, startTime: 1, nodeName: 'node-2' })), known);
  const others: Partial<Observation>[] = [
    { stage: 'running' },
    { podUid: 'another' },
    { trouble: { ...trouble, patience: 'now' } },
    { trouble: { ...trouble, failure: failureOf('ImagePullTimeout', 'starting', 'not found') } },
  ];
  for (const other of others) assert.notEqual(signatureOf(anObservation({ trouble, ...other })), known);
  assert.notEqual(signatureOf(anObservation()), known);
});
