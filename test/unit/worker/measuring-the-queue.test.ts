import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { measureQueue } from '../../../worker/queue-metrics.ts';

const linesOf = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('each scrape tells how many jobs wait and go at that moment', async () => {
  const registry = new Registry();
  let queued = 7;
  measureQueue(registry, () => Promise.resolve({ queued: queued--, inFlight: 2 }));
  for (const expected of [7, 6]) {
    assert.deepEqual(await linesOf(registry), [
      `kubernetes_task_runner_jobs{state="queued"} ${expected}`,
      'kubernetes_task_runner_jobs{state="in_flight"} 2',
    ]);
  }
});

test('what is not known is not told, and hinders no other metric', async () => {
  const registry = new Registry();
  const answers = [Promise.resolve({ queued: 1, inFlight: 1 }), Promise.reject(new Error('Temporal is away'))];
  measureQueue(registry, () => answers.shift() ?? assert.fail());
  assert.equal((await linesOf(registry)).length, 2);
  assert.deepEqual(await linesOf(registry), []);
});
