import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundText, isWithin } from '../../bench/bounds.ts';
import { figureOf, spreadOf } from '../../bench/figure.ts';
import { runInTurn } from '../../bench/measure.ts';
import type { Measure } from '../../bench/measure.ts';
import { amount, reportOf } from '../../bench/report.ts';

const NAME = 'one job, sent to succeeded';
const peer = { what: 'the bare script', run: () => Promise.resolve(1) };

test('a figure with a peer is judged by the median of the ratios of its pairs', () => {
  const pairs = [
    { ours: 10, peer: 10 },
    { ours: 30, peer: 10 },
    { ours: 11, peer: 10 },
  ];
  const { judged, ours, isWithin } = figureOf({ name: NAME, unit: 'ms', peer }, pairs);
  assert.deepEqual([judged, ours.median, isWithin], [{ median: 1.1, min: 1, max: 3 }, 11, false]);
});

test('a figure without a peer is judged by its own median', () => {
  const runs = [{ ours: 12 }, { ours: 13 }, { ours: 11 }, { ours: 12 }];
  const figure = figureOf({ name: 'requests to the API server for one job', unit: 'count' }, runs);
  assert.deepEqual([figure.judged.median, figure.isWithin, figure.peer], [12, true, undefined]);
});

test('a figure of no runs is refused', () => {
  assert.throws(() => spreadOf([]), /nothing/);
});

test('a bound holds on its edge, and for nothing that is no number', () => {
  assert.deepEqual(
    [1.05, 1.06, NaN].map((value) => isWithin({ most: 1.05 }, value)),
    [true, false, false],
  );
  assert.deepEqual([isWithin({ least: 0.8 }, 0.8), isWithin({ least: 0.8 }, 0.79)], [true, false]);
  assert.deepEqual([boundText({ most: 1.05 }), boundText({ least: 0.8 })], ['≤ 1.05', '≥ 0.8']);
});

test('service and peer are measured in turn, and the first pair does not count', async () => {
  const order: string[] = [];
  const measure: Measure = {
    name: NAME,
    unit: 'ms',
    ours: () => Promise.resolve(order.push('service')),
    peer: { what: 'peer', run: () => Promise.resolve(order.push('peer')) },
  };
  const runs = await runInTurn(measure, { count: 2, told: () => undefined });
  assert.deepEqual(order, ['service', 'peer', 'service', 'peer', 'service', 'peer']);
  assert.deepEqual(runs, [
    { ours: 3, peer: 4 },
    { ours: 5, peer: 6 },
  ]);
});

test('nothing is left of what came before when a run begins', async () => {
  const order: string[] = [];
  const deed = (name: string) => () => Promise.resolve(order.push(name));
  const measure: Measure = { name: NAME, unit: 'ms', ours: deed('service'), peer: { what: 'peer', run: deed('peer') } };
  const settle = () => Promise.resolve(void order.push('quiet'));
  await runInTurn(measure, { count: 0, told: () => undefined, settle });
  assert.deepEqual(order, ['quiet', 'service', 'quiet', 'peer']);
});

test('the report tells each figure with its bound, and what is out of it', () => {
  const slow = figureOf({ name: NAME, unit: 'ms', peer }, [{ ours: 8_400, peer: 4_000 }]);
  const subject = { title: 'Benchmarks', command: 'make bench', file: 'benchmarks' };
  const report = reportOf([slow], { machine: 'two cores' }, subject);
  assert.match(report, /\| one job, sent to succeeded \| 8\.40 s \| 4\.00 s, the bare script \| 2\.10 \|/);
  assert.match(report, /≤ 1\.05 \| \*\*out of bound\*\* \|/);
  assert.match(report, /- machine: two cores/);
});

test('what was refused never ends, and is out of bound', () => {
  const figure = figureOf({ name: NAME, unit: 'ms', peer }, [{ ours: Infinity, peer: 1 }]);
  assert.deepEqual([amount(Infinity, 'ms'), figure.isWithin], ['never', false]);
});
