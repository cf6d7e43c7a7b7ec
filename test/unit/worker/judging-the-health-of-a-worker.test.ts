import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeHealth } from '../../../worker/health.ts';

test('a worker that polls Temporal lives and is ready', () => {
  assert.deepEqual(judgeHealth('RUNNING'), { isAlive: true, isReady: true, checks: { temporal: 'running' } });
});

for (const state of ['CONNECTING', 'INITIALIZED', 'STOPPING', 'DRAINING'] as const) {
  test(`a worker that is ${state.toLowerCase()} lives, and is not ready`, () => {
    const { isAlive, isReady } = judgeHealth(state);
    assert.deepEqual([isAlive, isReady], [true, false]);
  });
}

test('a worker that has failed needs a new process', () => {
  const { isAlive, isReady } = judgeHealth('FAILED');
  assert.deepEqual([isAlive, isReady], [false, false]);
});
