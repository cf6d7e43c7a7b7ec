import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoard } from '../../runner/board.ts';
import { createRecords } from '../../runner/records.ts';
import { reportOf } from '../../runner/report.ts';
import { started } from '../../runner/run-stage.ts';

function noRecords() {
  const board = createBoard(
    [],
    () => 0,
    () => undefined,
  );
  return createRecords(board, 0);
}

test('what has started is handed on, and its time is told', async () => {
  const records = noRecords();
  assert.equal(await started('servers', records, () => Promise.resolve('environment')), 'environment');
  assert.deepEqual([records.results, [...records.laps.keys()]], [[], ['servers']]);
});

test('a start that fails is a failure of the run, with its reason', async () => {
  const records = noRecords();
  const refuse = () => Promise.reject(new Error('another program uses port 7233: end it'));
  assert.equal(await started('servers', records, refuse), undefined);
  const report = reportOf(records.laps, records.results, undefined);
  assert.match(report, /servers › start\n\s+another program uses port 7233: end it/);
  assert.match(report, /tests: 0 passed, 1 failed/);
});
