import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { EVERYTHING, LEAST, WITHOUT_POLICIES, WORKERS_ALONE } from '../support/chart-values.ts';
import { lint, render } from '../support/helm.ts';
import type { Values } from '../support/helm.ts';
import { aName } from '../support/job-client.ts';
import { defineMonitoringKinds } from '../support/prometheus-operator.ts';
import { createScope } from '../support/scope.ts';
import { runTool } from '../support/tools.ts';

const SETS: Readonly<Record<string, Values>> = {
  'the least values': LEAST,
  'all values': EVERYTHING,
  'the values of a second release, of workers alone': WORKERS_ALONE,
  'values without policies': WITHOUT_POLICIES,
};

const scope = createScope();
const namespace = aName('rendered');
const jobsNamespace = `${namespace}-jobs`;

before(async () => {
  await Promise.all([namespace, jobsNamespace].map((name) => runTool('kubectl', 'create', 'namespace', name)));
  scope.after(() => runTool('kubectl', 'delete', 'namespace', namespace, jobsNamespace, '--wait=false'));
  await defineMonitoringKinds(scope);
});
test.after(() => scope[Symbol.asyncDispose]());

/** Lets the API server judge objects, as strictly as it can, without keeping one. @returns what it took */
async function judge(values: Values): Promise<readonly string[]> {
  const jobs = { ...(values['jobs'] as object | undefined), namespace: jobsNamespace };
  const items = await render({ ...values, jobs }, 'runner', namespace);
  const folder = await mkdtemp(join(tmpdir(), 'rendered-'));
  const file = join(folder, 'objects.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const judging = ['--dry-run=server', '--validate=strict', '--output=name', `--filename=${file}`];
  const taken = (await runTool('kubectl', 'apply', ...judging)).trim().split('\n');
  await rm(folder, { recursive: true });
  assert.equal(taken.length, items.length);
  return taken;
}

for (const [what, values] of Object.entries(SETS)) {
  test(`with ${what} Helm finds nothing to say against the chart, and the API server takes every object`, async () => {
    assert.match(await lint(values), /1 chart\(s\) linted, 0 chart\(s\) failed/);
    assert.ok((await judge(values)).length > 10);
  });
}

test('with all values there is each kind that the chart knows', async () => {
  const kinds = new Set((await judge(EVERYTHING)).map((name) => name.split('/')[0]?.split('.')[0]));
  const wanted = [
    'deployment',
    'service',
    'poddisruptionbudget',
    'horizontalpodautoscaler',
    'ingress',
    'networkpolicy',
  ];
  for (const kind of [...wanted, 'servicemonitor', 'prometheusrule', 'namespace', 'role'])
    assert.ok(kinds.has(kind), kind);
});

test('the API server would refuse what is none of its kinds', async () => {
  await assert.rejects(judge({ ...LEAST, networkPolicy: { callers: [{ nobody: {} }] } }), /unknown field/);
});
