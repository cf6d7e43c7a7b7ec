import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../../runner/report.ts';
import type { RunResult } from '../../runner/result.ts';
import { started } from '../../runner/run-stage.ts';

function records() {
  return { results: [] as RunResult[], laps: new Map<string, number>() };
}

test('what has started is handed on, and its time is told', async () => {
  const { results, laps } = records();
  assert.equal(await started('servers', { results, laps }, () => Promise.resolve('environment')), 'environment');
  assert.deepEqual([results, [...laps.keys()]], [[], ['servers']]);
});

test('a start that fails is a failure of the run, with its reason', async () => {
  const { results, laps } = records();
  const refuse = () => Promise.reject(new Error('another program uses port 7233: end it'));
  assert.equal(await started('servers', { results, laps }, refuse), undefined);
  const report = reportOf(laps, results, undefined);
  assert.match(report, /servers › start\n\s+another program uses port 7233: end it/);
  assert.match(report, /tests: 0 passed, 1 failed/);
});
