import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Client } from '@temporalio/client';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { UNBROKEN } from '../../worker/isolate.ts';
import { spinning } from '../support/spinning-workflow.ts';
import { stackEnvironment } from '../support/temporal-environment.ts';

const WORKFLOWS_PATH = join(import.meta.dirname, '..', 'support', 'spinning-workflow.ts');

/** Longer than the SDK lets code of a workflow run by itself. */
const LONG_MS = 6_000;

/** How far the workflow counts in about {@link LONG_MS}, as busy as the machine is now. */
async function longCount(): Promise<number> {
  const sample = 50_000_000;
  const startedMs = performance.now();
  await spinning(sample);
  return Math.ceil((sample * LONG_MS) / (performance.now() - startedMs));
}

/** Counts on a worker of our own; how long the workflow task took, and whether one was broken off. */
async function countOn(worker: Worker, client: Client, count: number) {
  const { taskQueue } = worker.options;
  const options = { taskQueue, workflowId: randomUUID(), workflowTaskTimeout: '1m', args: [count] } as const;
  const handle = await client.workflow.start(spinning, options);
  assert.equal(await handle.result(), 'counted true');
  const { events } = await handle.fetchHistory();
  const secondsOf = (name: 'workflowTaskStartedEventAttributes' | 'workflowTaskCompletedEventAttributes') =>
    Number(events?.find((event) => event[name])?.eventTime?.seconds ?? 0);
  const [started, completed] = [
    secondsOf('workflowTaskStartedEventAttributes'),
    secondsOf('workflowTaskCompletedEventAttributes'),
  ];
  const isBroken = events?.some((event) => event.workflowTaskFailedEventAttributes) ?? true;
  return { lastedMs: (completed - started) * 1000, isBroken };
}

test('a workflow task that takes longer than five seconds is not broken off in the middle', async () => {
  const { client, nativeConnection: connection } = await stackEnvironment();
  const workflowBundle = await bundleWorkflows(new DefaultLogger('ERROR'), WORKFLOWS_PATH);
  const worker = await Worker.create({ connection, taskQueue: randomUUID(), workflowBundle, ...UNBROKEN });
  await worker.runUntil(async () => {
    for (let count = await longCount(); ; count *= 2) {
      const { lastedMs, isBroken } = await countOn(worker, client, count);
      assert.equal(isBroken, false);
      // A machine that was busier before than now counts faster than was thought.
      if (lastedMs >= LONG_MS) return;
    }
  });
});
