import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { selectRuns, stagesOf } from '../../runner/plan.ts';
import { runPool } from '../../runner/pool.ts';
import { fileTasks } from '../../runner/tasks.ts';
import type { Selection, TestFile } from '../../runner/plan.ts';
import { SUITES } from '../../suites.ts';
import type { Suite } from '../../suites.ts';
import type { Variant } from '../../support/variants.ts';

const aSuite = (name: string, more: Partial<Suite> = {}): Suite => ({
  ...{ name, what: name, needs: 'nothing', limit: 1, timeoutMs: 1 },
  ...more,
});
const unit = aSuite('unit');
const integration = aSuite('integration', { needs: 'servers' });
const jobs = aSuite('jobs', { needs: 'service' });
const repair = aSuite('repair', { needs: 'service', isExtra: true, isAlone: true });

const aFile = (suite: Suite, name: string, ...variants: Variant[]): TestFile => ({
  suite,
  path: `${suite.name}/${name}.test.ts`,
  variants: variants.length === 0 ? ['claims'] : variants,
});
const FILES = [
  aFile(unit, 'pure'),
  aFile(integration, 'store'),
  aFile(integration, 'memory.slow'),
  aFile(jobs, 'kill', 'claims', 'one-pod', 'signed-urls'),
  aFile(jobs, 'large.slow'),
  aFile(repair, 'rebuild'),
];

function selected(selection: Partial<Selection>): string[] {
  const runs = selectRuns(FILES, { isAll: false, names: [], ...selection });
  return runs.map(({ path, variant }) => `${path.replace('.test.ts', '')} ${variant}`);
}

test('the quick gate runs each file once, without extra suites and slow files', () => {
  assert.deepEqual(selected({}), ['unit/pure claims', 'integration/store claims', 'jobs/kill claims']);
});

test('the whole gate runs each file in each of its variants', () => {
  const all = selected({ isAll: true });
  assert.equal(all.length, 8);
  assert.deepEqual(
    all.filter((run) => run.startsWith('jobs/kill')),
    ['jobs/kill claims', 'jobs/kill one-pod', 'jobs/kill signed-urls'],
  );
});

test('a suite that is named runs with its slow files, and a path selects files by their beginning', () => {
  assert.deepEqual(selected({ names: ['integration'] }), [
    'integration/store claims',
    'integration/memory.slow claims',
  ]);
  assert.deepEqual(selected({ names: ['jobs/ki'] }), ['jobs/kill claims']);
  assert.deepEqual(selected({ names: ['jobs'], variant: 'one-pod' }), ['jobs/kill one-pod']);
});

test('stages go from no server to the service, and what disturbs others runs alone', () => {
  const stages = stagesOf(selectRuns(FILES, { isAll: true, names: [] }));
  assert.deepEqual(
    stages.map(({ needs, service, runs }) => [needs, service, runs.map(({ path }) => path.split(/[/.]/)[1])]),
    [
      ['nothing', 'standard', ['pure']],
      ['servers', 'standard', ['store']],
      ['servers', 'standard', ['memory']],
      ['service', 'standard', ['kill', 'kill', 'large']],
      ['service', 'signed-urls', ['kill']],
      ['service', 'standard', ['rebuild']],
    ],
  );
});

test('files that use the Docker engine run one at a time, of whatever suite', async () => {
  const engine = ['images', 'chart'].map((name) => SUITES.find((suite) => suite.name === name) ?? assert.fail(name));
  const runs = engine
    .flatMap((suite) => ['a', 'b'].map((name) => aFile(suite, name)))
    .map((file) => ({ ...file, variant: 'claims' as const }));
  const tasks = fileTasks(runs, () => 1, '');
  let [running, most] = [0, 0];
  await runPool(tasks, tasks.length, async () => {
    most = Math.max(most, (running += 1));
    await nextTurn();
    running -= 1;
  });
  assert.equal(most, 1);
});
