import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { measureReconciliations } from '../../../worker/reconcile-metrics.ts';

async function valueOf(registry: Registry, name: string): Promise<number | undefined> {
  const metric = await registry.getSingleMetric(`kubernetes_task_runner_reconcile_${name}`)?.get();
  return metric?.values[0]?.value;
}

test('what was found and repaired adds up over the runs; what is stuck or foreign is of the last one', async () => {
  const registry = new Registry();
  const measure = measureReconciliations(registry);
  assert.equal(await valueOf(registry, 'last_run_timestamp_seconds'), 0);
  measure({ found: 5, repaired: 3, stuck: 2, foreign: 7 });
  measure({ found: 1, repaired: 1, stuck: 0, foreign: 6 });
  assert.deepEqual(
    await Promise.all(
      ['orphans_found_total', 'orphans_repaired_total', 'stuck', 'foreign'].map((name) => valueOf(registry, name)),
    ),
    [6, 4, 0, 6],
  );
  assert.ok(((await valueOf(registry, 'last_run_timestamp_seconds')) ?? 0) > 1_700_000_000);
});
