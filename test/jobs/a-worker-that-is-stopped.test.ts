import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCopied, submitCopies } from '../support/held-copies.ts';
import { createHoldingProxy } from '../support/holding-proxy.ts';
import { startOwnService } from '../support/own-service.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { triesOf } from '../support/workers-of-a-job.ts';

/** What worker/main.ts gives activities under way, and what a busy machine may add until the process has ended. */
const GRACE_MS = 20_000;
const SLACK_MS = 9_000;

test('copies that stand still when the worker is stopped are handed over within its grace', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const proxy = await createHoldingProxy(context);
  const stopped = await startWorkerProcess(context, { GC_API_ENDPOINT: proxy.endpoint });
  const copies = await submitCopies();
  await proxy.untilHeld(copies.length);
  const other = await startWorkerProcess(context);
  const stoppedAtMs = Date.now();
  const { code, durationMs } = await stopped.stop();
  assert.equal(code, 0);
  assert.ok(durationMs < GRACE_MS + SLACK_MS, `${durationMs} ms`);

  for (const copy of copies) {
    await assertCopied(copy);
    const [last] = await triesOf(workflowOf(copy.job), copy.step);
    assert.equal(last?.pid, other.pid);
    assert.ok(last.startedMs - stoppedAtMs < GRACE_MS + SLACK_MS, `${last.startedMs - stoppedAtMs} ms`);
  }
});
