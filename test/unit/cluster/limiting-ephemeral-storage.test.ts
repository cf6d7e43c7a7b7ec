import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEphemeralStorage } from '../../../cluster/ephemeral-storage.ts';

const limited = (limit: string, request = '0') => ({
  limits: { 'ephemeral-storage': limit },
  requests: { 'ephemeral-storage': request },
});

test('who says nothing gets the limit of the service, and asks for nothing', () => {
  assert.deepEqual(withEphemeralStorage({}, '10Gi'), limited('10Gi'));
});

test('what a job says of other resources stays', () => {
  const resources = { limits: { memory: '1Gi' }, requests: { cpu: '1' } };
  assert.deepEqual(withEphemeralStorage(resources, '10Gi'), {
    limits: { memory: '1Gi', 'ephemeral-storage': '10Gi' },
    requests: { cpu: '1', 'ephemeral-storage': '0' },
  });
});

test('a limit of the job is its own, with or without a request', () => {
  for (const resources of [{ limits: { 'ephemeral-storage': '50Gi' } }, limited('50Gi', '20Gi')])
    assert.deepEqual(withEphemeralStorage(resources, '10Gi'), resources);
});

test('a limit of zero, which kubelets take for none, is none', () => {
  assert.deepEqual(withEphemeralStorage({ limits: { 'ephemeral-storage': '0Gi' } }, '10Gi'), limited('10Gi'));
});

test('who asks for some has it for sure: the limit is never below the request', () => {
  const asking = (request: string) => ({ requests: { 'ephemeral-storage': request } });
  assert.deepEqual(withEphemeralStorage(asking('2Gi'), '10Gi'), limited('10Gi', '2Gi'));
  assert.deepEqual(withEphemeralStorage(asking('20Gi'), '10Gi'), limited('20Gi', '20Gi'));
  assert.deepEqual(withEphemeralStorage(asking('10737418240'), '10Gi'), limited('10Gi', '10737418240'));
});
