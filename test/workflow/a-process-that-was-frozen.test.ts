import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { UNBROKEN } from '../../worker/isolate.ts';
import { required } from '../support/environment.ts';
import { spinning } from '../support/spinning-workflow.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const WORKFLOWS_PATH = join(import.meta.dirname, '..', 'support', 'spinning-workflow.ts');

/** Longer than the SDK lets code of a workflow run by itself. */
const LONG_MS = 8_000;

/** How far the workflow counts in about {@link LONG_MS}. */
async function countOf(ms: number): Promise<number> {
  const sample = 50_000_000;
  const startedMs = performance.now();
  await spinning(sample);
  return Math.ceil((sample * ms) / (performance.now() - startedMs));
}

test('a workflow task that takes longer than five seconds is not broken off in the middle', async () => {
  const address = required('TEMPORAL_ADDRESS');
  const taskQueue = randomUUID();
  const workflowBundle = await bundleWorkflows(new DefaultLogger('ERROR'), WORKFLOWS_PATH);
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection: clientConnection });
    const worker = await Worker.create({ connection, taskQueue, workflowBundle, ...UNBROKEN });
    const handle = await worker.runUntil(async () => {
      const options = {
        taskQueue,
        workflowId: taskQueue,
        workflowTaskTimeout: '1m',
        args: [await countOf(LONG_MS)],
      } as const;
      const started = await workflow.start(spinning, options);
      assert.equal(await started.result(), 'counted true');
      return started;
    });
    const { events = [] } = await handle.fetchHistory();
    assert.equal(
      events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed),
      false,
    );
    const [started, completed] = ['workflowTaskStartedEventAttributes', 'workflowTaskCompletedEventAttributes'].map(
      (name) => Number(events?.find((event) => event[name as keyof typeof event])?.eventTime?.seconds),
    );
    assert.ok((completed ?? 0) - (started ?? 0) >= 5, 'it was long enough to tell');
  } finally {
    await Promise.all([connection.close(), clientConnection.close()]);
  }
});
