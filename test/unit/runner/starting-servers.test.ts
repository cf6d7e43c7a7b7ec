import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../../runner/report.ts';
import { started } from '../../runner/run-stage.ts';
import { recordsOf } from '../../support/run-records.ts';

test('what has started is handed on, and its time is told', async () => {
  const records = recordsOf([]);
  assert.equal(await started('servers', records, () => Promise.resolve('environment')), 'environment');
  assert.deepEqual([records.results, [...records.laps.keys()]], [[], ['servers']]);
});

test('a start that fails is a failure of the run, with its reason', async () => {
  const records = recordsOf([]);
  const refuse = () => Promise.reject(new Error('another program uses port 7233: end it'));
  assert.equal(await started('servers', records, refuse), undefined);
  const report = reportOf(records.laps, records.results, undefined);
  assert.match(report, /servers › start\n\s+another program uses port 7233: end it/);
  assert.match(report, /tests: 0 passed, 1 failed/);
});
