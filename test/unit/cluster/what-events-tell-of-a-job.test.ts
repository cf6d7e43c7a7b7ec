import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CoreV1Event } from '@kubernetes/client-node';
import { createdPodOf, isStopOf, refusedPodOf } from '../../../cluster/explain.ts';

const anEvent = (reason: string, more: Partial<CoreV1Event> = {}): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  reason,
  ...more,
});

test('the name of the pod stands in the event of its creation', () => {
  const events = [
    anEvent('SuccessfulDelete', { message: 'Deleted pod: old-abcde' }),
    anEvent('SuccessfulCreate', { message: 'Created pod: job-fghij' }),
  ];
  assert.equal(createdPodOf(events), 'job-fghij');
});

test('a creation in other words, or none, tells no name', () => {
  for (const message of ['Created pods: a b', 'We Created pod: a', 'Created pod: a b', 'Created pod: ', undefined])
    assert.equal(createdPodOf([anEvent('SuccessfulCreate', { ...(message !== undefined && { message }) })]), undefined);
  assert.equal(createdPodOf([]), undefined);
});

test('why a pod could not be made is what the cluster said last', () => {
  const refusal = (message: string, at: string) => anEvent('FailedCreate', { message, lastTimestamp: new Date(at) });
  const newer = anEvent('Suspended', { message: 'suspended', lastTimestamp: new Date('2026-01-03') });
  const events = [refusal('exceeded quota', '2026-01-02'), refusal('no such account', '2026-01-01'), newer];
  assert.equal(refusedPodOf(events), 'exceeded quota');
  assert.equal(refusedPodOf([newer]), undefined);
});

test('the kubelet was asked to stop a container when it says so of this one', () => {
  const killing = (fieldPath?: string) =>
    anEvent('Killing', { involvedObject: fieldPath === undefined ? {} : { fieldPath } });
  assert.ok(isStopOf('task', killing('spec.containers{task}')));
  assert.ok(isStopOf('task', killing('spec.initContainers{task}')));
  for (const other of [killing('spec.containers{input}'), killing('spec.containers'), killing()])
    assert.ok(!isStopOf('task', other));
  assert.ok(!isStopOf('task', anEvent('Started', { involvedObject: { fieldPath: 'spec.containers{task}' } })));
});
