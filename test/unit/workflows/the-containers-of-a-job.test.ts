import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containersOf, graceMsOf } from '../../../workflows/state.ts';

test('a task has a container that fetches its input, where there is one', () => {
  assert.deepEqual(containersOf('task', true), ['input', 'task']);
  assert.deepEqual(containersOf('task', false), ['task']);
});

test('an upload is one container, whether or not there was an input', () => {
  for (const hasInput of [true, false]) assert.deepEqual(containersOf('cleanup', hasInput), ['cleanup']);
});

test('a task has the grace that its job asks for, none included, and ten seconds where it asks for none', () => {
  assert.equal(graceMsOf({ docker_image: 'a', grace_seconds: 2 }), 2_000);
  assert.equal(graceMsOf({ docker_image: 'a', grace_seconds: 0 }), 0);
  assert.equal(graceMsOf({ docker_image: 'a' }), 10_000);
});
