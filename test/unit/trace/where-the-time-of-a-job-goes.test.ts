import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { stepsIn } from '../../support/told-steps.ts';
import { stretchesIn } from '../../trace/history-spans.ts';
import { stretchesOfPod } from '../../trace/pod-spans.ts';
import type { SeenPod } from '../../trace/pod-spans.ts';
import { createRecorder } from '../../trace/recorder.ts';
import { waterfall } from '../../trace/waterfall.ts';

const FILE = join(import.meta.dirname, '..', '..', 'histories', 'succeeded.json');
const history = historyFromJSON(JSON.parse(readFileSync(FILE, 'utf8')));

test('each step that a history tells of has its stretch of time, and lies within the job', () => {
  const stretches = stretchesIn(history);
  const names = stretches.map(({ name }) => name);
  const told = stepsIn(history).map(({ name, isLocal }) => (isLocal ? `${name} (within the task)` : name));
  assert.deepEqual(names.filter((name) => name !== 'workflow task').toSorted(), told.toSorted());
  const [first = NaN, last = NaN] = [Math.min, Math.max].map((pick) =>
    pick(...stretches.map(({ startMs }) => startMs)),
  );
  assert.ok(last - first < 60_000);
  assert.deepEqual(
    stretches.filter(({ startMs, endMs }) => !(startMs > 0) || !(endMs >= startMs)),
    [],
  );
});

test('a pod waits for a node, starts each container, and is deleted', () => {
  const seen = (atMs: number, change: Partial<SeenPod['pod']>, isGone = false): SeenPod => {
    const spec = { nodeName: 'node', initContainers: [{ name: 'input' }], containers: [{ name: 'task' }] };
    return { atMs, pod: { spec, ...change }, isGone };
  };
  const ended = { terminated: { exitCode: 0 } };
  const status = (input: object, task: object) => ({
    status: {
      initContainerStatuses: [{ name: 'input', state: input }],
      containerStatuses: [{ name: 'task', state: task }],
    },
  });
  const stretches = stretchesOfPod([
    seen(100, { spec: { containers: [{ name: 'task' }] } }),
    seen(110, {}),
    seen(200, status({ running: {} }, {}) as SeenPod['pod']),
    seen(300, status(ended, {}) as SeenPod['pod']),
    seen(400, status(ended, { running: {} }) as SeenPod['pod']),
    seen(500, status(ended, ended) as SeenPod['pod']),
    seen(600, { ...status(ended, ended), metadata: { deletionTimestamp: new Date() } } as SeenPod['pod']),
    seen(700, { ...status(ended, ended), metadata: { deletionTimestamp: new Date() } } as SeenPod['pod'], true),
  ]);
  assert.deepEqual(
    stretches.map(({ name, startMs, endMs }) => [name, startMs, endMs]),
    [
      ['waits for a node', 100, 110],
      ['starts input', 110, 200],
      ['input', 200, 300],
      ['starts task', 300, 400],
      ['task', 400, 500],
      ['is deleted', 600, 700],
    ],
  );
});

test('the picture shows each span under its parent, where it began and how long it was', async () => {
  await using recorder = createRecorder();
  const root = recorder.span({ name: 'job', startMs: 1_000, endMs: 2_000 });
  recorder.span({ name: 'second', startMs: 1_500, endMs: 2_000 }, root);
  recorder.span({ name: 'first', startMs: 1_000, endMs: 1_100 }, root);
  const lines = waterfall(recorder.spans()).split('\n');
  assert.deepEqual(
    lines.map((line) => line.trim().split(/\s+/).slice(0, 3)),
    [
      ['job', '0', '1000'],
      ['first', '0', '100'],
      ['second', '500', '500'],
    ],
  );
  const bars = lines.map((line) => [line.indexOf('█') - (lines[0] ?? '').indexOf('█'), line.split('█').length - 1]);
  assert.deepEqual(bars, [
    [0, 60],
    [0, 6],
    [30, 30],
  ]);
});
