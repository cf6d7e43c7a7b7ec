import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import durations from '../../durations.json' with { type: 'json' };
import { createBoard, leftMs } from '../../runner/board.ts';
import { reportOf } from '../../runner/report.ts';
import type { RunResult } from '../../runner/result.ts';

const aResult = (name: string, more: Partial<RunResult> = {}): RunResult => ({
  ...{ suite: 'unit', name, passed: 1, failed: 0, durationMs: 1_000, failures: [] },
  ...more,
});
const failed = aResult('unit/b.test.ts', {
  ...{ failed: 1, durationMs: 2_000 },
  failures: [{ test: 'adds', reason: '1 !== 2\n    at b.test.ts' }],
});

test('the report has a line for each suite, the slowest files, and each failure once', () => {
  const report = reportOf(new Map([['unit', 3_000]]), [aResult('unit/a.test.ts'), failed], '.local/test-failures/x');
  assert.match(report, /^unit +3s {2}FAILED {2}2 passed, 1 failed$/m);
  assert.ok(report.indexOf('2s  unit/b.test.ts') < report.indexOf('1s  unit/a.test.ts'));
  assert.equal(report.split('1 !== 2').length, 2);
  assert.match(report, /unit\/b\.test\.ts › adds\n {4}1 !== 2\n/);
  assert.match(report, /: \.local\/test-failures\/x$/m);
  assert.match(report, /\n\ntests: 2 passed, 1 failed\n$/);
});

test('a board shows how far a suite is, and a failure when it happens', () => {
  const lines: string[] = [];
  const tasks = ['unit/a.test.ts', failed.name].map((name) => ({ suite: 'unit', name }));
  const board = createBoard(
    tasks,
    () => 1_000,
    (line) => void lines.push(line),
  );
  board.started('unit');
  board.started('unit');
  board.ended(aResult('unit/a.test.ts'));
  board.ended(failed);
  assert.deepEqual(
    lines.map((line) => line.replaceAll(/ +/g, ' ').replace(/after .*/, 'after')),
    ['unit 0/2', 'FAILED unit/b.test.ts', 'unit 2/2 1 failed after'],
  );
});

test('a silent suite gets a line after half a minute', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 0 });
  const lines: string[] = [];
  const tasks = ['unit', 'jobs', 'page'].map((suite) => ({ suite, name: `${suite}/a.test.ts` }));
  const board = createBoard(
    tasks,
    () => 1_000,
    (line) => void lines.push(line.replaceAll(/ +/g, ' ')),
  );
  board.started('unit');
  board.started('jobs');
  board.ended(aResult('unit/a.test.ts'));
  lines.length = 0;
  context.mock.timers.setTime(29_999);
  board.tick();
  assert.deepEqual(lines, []);
  context.mock.timers.setTime(30_000);
  board.tick();
  board.tick();
  assert.deepEqual(lines, ['jobs 0/1 30s elapsed']);
});

test('what is left is estimated by the pace so far', () => {
  assert.equal(leftMs(30_000, 10_000, 40_000), 90_000);
});

test('every recorded duration is of a file that exists', () => {
  for (const name of Object.keys(durations)) {
    const path = join(import.meta.dirname, '..', '..', name.replace(/ \(.*\)$/, ''));
    assert.ok(existsSync(path), `${name}: node test/run.ts --all --record-durations records the durations anew`);
  }
});
