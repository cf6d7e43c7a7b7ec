import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeHealth, NOT_WATCHING, watchedUntilMs } from '../../../worker/health.ts';
import type { Watching } from '../../../worker/health.ts';

const NOW_MS = 1_000_000;
const LONG_AGO_MS = NOW_MS - 60_000;
const A_MOMENT_AGO_MS = NOW_MS - 2_000;

/** A leader whose watches live; what is not said is so. */
const watching = (more: Partial<Watching> = {}): Watching => ({
  leadership: { leader: 'self' },
  isSynced: true,
  watchedUntilMs: -Infinity,
  ...more,
});

const readinessOf = (state: Watching) => {
  const { isReady, checks } = judgeHealth('RUNNING', state, NOW_MS);
  return [isReady, checks.watcher];
};

test('a worker that polls Temporal and watches the cluster lives and is ready', () => {
  assert.deepEqual(judgeHealth('RUNNING', watching(), NOW_MS), {
    isAlive: true,
    isReady: true,
    checks: { temporal: 'running', watcher: 'ok' },
  });
});

for (const state of ['CONNECTING', 'INITIALIZED', 'STOPPING', 'DRAINING'] as const) {
  test(`a worker that is ${state.toLowerCase()} lives, and is not ready`, () => {
    const { isAlive, isReady } = judgeHealth(state, watching(), NOW_MS);
    assert.deepEqual([isAlive, isReady], [true, false]);
  });
}

test('a worker that has failed needs a new process', () => {
  const { isAlive, isReady } = judgeHealth('FAILED', watching(), NOW_MS);
  assert.deepEqual([isAlive, isReady], [false, false]);
});

test('a worker whose watches do not live is not ready, and needs no new process', () => {
  const blind = watching({ isSynced: false, watchedUntilMs: LONG_AGO_MS });
  assert.deepEqual(readinessOf(blind), [false, 'not synced']);
  assert.equal(judgeHealth('RUNNING', blind, NOW_MS).isAlive, true);
});

test('a watch that was interrupted a moment ago is nothing to take notice of', () => {
  assert.deepEqual(readinessOf(watching({ isSynced: false, watchedUntilMs: A_MOMENT_AGO_MS })), [true, 'ok']);
});

test('a worker that has never watched has no moment of grace', () => {
  assert.deepEqual(readinessOf(NOT_WATCHING), [false, 'nobody leads']);
  assert.deepEqual(readinessOf(watching({ isSynced: false })), [false, 'not synced']);
});

test('while another one leads a worker is ready without watches of its own', () => {
  const leadership = { leader: 'other', identity: 'another', untilMs: NOW_MS + 3_000 } as const;
  assert.deepEqual(readinessOf(watching({ leadership, isSynced: false })), [true, 'ok']);
});

test('a lease that has run out stands for nobody, once there was time for another one', () => {
  const ranOut = (untilMs: number) =>
    watching({ leadership: { leader: 'other', identity: 'another', untilMs }, isSynced: false });
  assert.deepEqual(readinessOf(ranOut(A_MOMENT_AGO_MS)), [true, 'ok']);
  assert.deepEqual(readinessOf(ranOut(LONG_AGO_MS)), [false, 'nobody leads']);
});

test('nobody has watched for as long as nobody leads', () => {
  const leadership = { leader: 'nobody' } as const;
  assert.equal(watchedUntilMs(watching({ leadership, watchedUntilMs: LONG_AGO_MS }), NOW_MS), LONG_AGO_MS);
});

test('a lease that runs on stands for no more than the time until now', () => {
  const leadership = { leader: 'other', identity: 'another', untilMs: NOW_MS + 3_000 } as const;
  assert.equal(watchedUntilMs(watching({ leadership }), NOW_MS), NOW_MS);
});
