import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { measureRequests } from '../../../api/metrics.ts';
import { createRegistry, METRIC_PREFIX } from '../../../metrics.ts';
import { measureJobs } from '../../../worker/job-metrics.ts';
import { measureQueue } from '../../../worker/queue-metrics.ts';
import { measureReconciliations } from '../../../worker/reconcile-metrics.ts';
import { createWatchMetrics } from '../../../worker/watch-metrics.ts';
import { textOf } from '../../support/compose.ts';
import { anchorsOf } from '../../support/markdown.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { alert: string; annotations: { runbook: string } }[] }[];
}

/** Names of all that the two processes tell of our own doings. */
async function ourMetrics(): Promise<ReadonlySet<string>> {
  const registry = createRegistry();
  createWatchMetrics(registry);
  measureJobs(registry);
  measureQueue(registry, () => Promise.resolve({ queued: 0, inFlight: 0 }));
  measureReconciliations(registry);
  measureRequests(registry);
  return new Set((await registry.getMetricsAsJSON()).map(({ name }) => name));
}

for (const file of ['deploy/monitoring/alerts.yaml', 'deploy/monitoring/dashboard.json']) {
  test(`every metric that ${file} asks for is told`, async () => {
    const told = await ourMetrics();
    const named = textOf(file).match(new RegExp(`${METRIC_PREFIX}\\w+`, 'g')) ?? [];
    assert.ok(named.length > 5);
    for (const name of named) assert.ok(told.has(name.replace(/_(bucket|sum|count)$/, '')), name);
  });
}

test('every alert leads to what to do', () => {
  const { groups } = parse(textOf('deploy/monitoring/alerts.yaml')) as Rules;
  const rules = groups.flatMap((group) => group.rules);
  assert.ok(rules.length > 5);
  for (const { alert, annotations } of rules) {
    const [document = '', anchor = ''] = annotations.runbook.split('#');
    assert.ok(anchorsOf(document).includes(anchor), alert);
    assert.ok(textOf(document).includes(`\`${alert}\``), alert);
  }
});
