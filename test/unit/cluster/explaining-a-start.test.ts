import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreV1Event } from '@kubernetes/client-node';
import { explainStart, pullUnderWay } from '../../../cluster/explain.ts';
import { aPod, waiting } from '../../support/objects.ts';

const anEvent = (message: string, at: string): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  message,
  lastTimestamp: new Date(at),
});

test('a pod that fits no node is explained by the scheduler', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.';
  const pod = aPod({ status: { conditions: [{ type: 'PodScheduled', status: 'False', message }] } });
  assert.equal(explainStart(pod, [anEvent('something else', '2026-01-01')]), message);
});

test('a container that cannot be started yet is explained by the kubelet', () => {
  const pod = aPod({ main: waiting('ImagePullBackOff', 'Back-off pulling image "a"') });
  assert.equal(explainStart(pod, []), 'ImagePullBackOff: Back-off pulling image "a"');
});

test('a container that is only being created is explained by the newest event', () => {
  const events = [anEvent('Pulling image "a"', '2026-01-02'), anEvent('Successfully assigned', '2026-01-01')];
  assert.equal(explainStart(aPod({ main: waiting('ContainerCreating', '') }), events), 'Pulling image "a"');
});

test('a pod that could not be created is explained by the events of its Job', () => {
  assert.equal(explainStart(undefined, [anEvent('exceeded quota', '2026-01-01')]), 'exceeded quota');
});

test('nothing is said where the cluster says nothing', () => {
  assert.equal(explainStart(undefined, []), undefined);
});

const pull = (reason: string, second: number, container = 'main'): CoreV1Event => ({
  ...anEvent(`${reason} image "a"`, new Date(second * 1_000).toISOString()),
  reason,
  involvedObject: { fieldPath: `spec.containers{${container}}` },
});

test('a pull that nothing is said of any more is under way', () => {
  assert.equal(pullUnderWay([pull('Pulling', 1)]), 'Pulling image "a"');
  assert.equal(pullUnderWay([pull('Failed', 1), pull('Pulling', 2)]), 'Pulling image "a"');
});

test('a pull that has ended, well or badly, is not under way', () => {
  for (const end of ['Pulled', 'Failed', 'BackOff'])
    for (const second of [1, 2]) assert.equal(pullUnderWay([pull('Pulling', 1), pull(end, second)]), undefined);
});

test('the pull of one container does not end with that of another', () => {
  assert.equal(pullUnderWay([pull('Pulled', 1, 'input'), pull('Pulling', 1)]), 'Pulling image "a"');
});

test('nothing is under way where nothing is pulled', () => {
  assert.equal(pullUnderWay([anEvent('Successfully assigned', '2026-01-01')]), undefined);
});

test('a scheduler that has found a node explains nothing, nor does another condition', () => {
  for (const other of [
    { type: 'PodScheduled', status: 'True' },
    { type: 'Ready', status: 'False' },
  ]) {
    const pod = aPod({ status: { conditions: [{ ...other, message: 'a message' }] } });
    assert.equal(explainStart(pod, []), undefined);
  }
});

test('of several containers the first that says something is heard, the init container before all', () => {
  const says = (text: string) => waiting('CreateContainerError', text);
  assert.equal(explainStart(aPod({ init: says('a'), main: says('b') }), []), 'CreateContainerError: a');
  assert.equal(
    explainStart(aPod({ init: waiting('PodInitializing'), main: says('b') }), []),
    'CreateContainerError: b',
  );
  assert.equal(explainStart(aPod({ init: {}, main: { waiting: { message: 'b' } } }), []), 'Waiting: b');
  assert.equal(explainStart({}, []), undefined);
});

test('the newest event is found wherever it stands, and however its time is told', () => {
  const [first, second, third] = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => anEvent(day, day));
  assert.ok(first && second && third);
  for (const events of [
    [first, second, third],
    [third, first, second],
    [second, third, first],
  ])
    assert.equal(explainStart(undefined, events), '2026-01-03');
  const { lastTimestamp: _, ...untimed } = anEvent('by another clock', '2026-01-01');
  const byEvent = { ...untimed, eventTime: new Date('2026-01-04') } as unknown as CoreV1Event;
  assert.equal(explainStart(undefined, [third, byEvent]), 'by another clock');
  const byCreation = { ...untimed, metadata: { creationTimestamp: new Date('2026-01-05') } };
  assert.equal(explainStart(undefined, [byCreation, third]), 'by another clock');
  assert.equal(explainStart(undefined, [untimed, third]), '2026-01-03');
});
