import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observe } from '../../../cluster/outcome.ts';
import { aKubernetesJob, aPod, waiting } from '../../support/objects.ts';

const troubleOf = (reason: string, message: string) =>
  observe('task', aKubernetesJob(), [aPod({ main: waiting(reason, message) })]).trouble;

test('an image name that nobody can pull fails at once', () => {
  const trouble = troubleOf('InvalidImageName', "couldn't parse image reference");
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['InvalidImageName', 'now']);
});

test('an image that the registry does not know fails after a grace', () => {
  const trouble = troubleOf('ErrImagePull', 'failed to resolve reference "example/none:1": not found');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ImageNotFound', 'grace']);
});

test('a registry that refuses us fails after a grace', () => {
  const trouble = troubleOf('ImagePullBackOff', 'Back-off pulling image: pull access denied');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ImageUnauthorized', 'grace']);
});

test('a registry that cannot be reached is waited for', () => {
  const trouble = troubleOf('ErrImagePull', 'dial tcp: i/o timeout');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ImagePullTimeout', 'wait']);
});

test('a container that cannot be set up fails after a grace', () => {
  const trouble = troubleOf('CreateContainerError', 'failed to create: no such mount');
  assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['ConfigError', 'grace']);
});

test('a runtime that is too busy to make the container is waited for', () => {
  for (const message of ['context deadline exceeded', 'failed to reserve container name "task_x": name is reserved']) {
    const trouble = troubleOf('CreateContainerError', message);
    assert.deepEqual([trouble?.failure.reason, trouble?.patience], ['StartTimeout', 'wait'], message);
  }
});

test('a container that is only being made is no trouble', () => {
  assert.equal(troubleOf('ContainerCreating', ''), undefined);
});

test('a pod that fits no node says what the scheduler says, and waits', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  const { trouble } = observe('task', aKubernetesJob(), [aPod({ status: { conditions } })]);
  assert.deepEqual(
    [trouble?.failure.reason, trouble?.failure.message, trouble?.patience],
    ['Unschedulable', message, 'wait'],
  );
});
