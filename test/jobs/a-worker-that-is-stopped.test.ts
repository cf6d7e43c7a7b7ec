import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import { createHoldingProxy } from '../support/holding-proxy.ts';
import { aName, downloadOutput, shellJob, submit, untilEnded } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { triesOf } from '../support/workers-of-a-job.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

/** What worker/main.ts gives activities under way, and what a busy machine may add until the process has ended. */
const GRACE_MS = 20_000;
const SLACK_MS = 9_000;

/** A job whose input is taken, and one whose output is published. */
async function submitBoth(): Promise<readonly [PresentedJob, PresentedJob]> {
  const input = await zipOf({ a: { content: 'bytes' } });
  const [withInput, withoutInput] = await Promise.all([
    submit(aName('upload'), shellJob('cp /input/a /output/a'), input),
    submit(aName('publish'), shellJob('printf bytes > /output/a')),
  ]);
  return [withInput.body.data, withoutInput.body.data];
}

async function assertSucceeded({ id }: PresentedJob): Promise<void> {
  const end = await untilEnded(id);
  assert.equal(end.status, 'succeeded', JSON.stringify(end));
  assert.equal((await entriesOf(await downloadOutput(end)))['a']?.content, 'bytes');
  await assertWorldAfter(end);
}

test('copies that stand still when the worker is stopped are handed over within its grace', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const proxy = await createHoldingProxy(context);
  const stopped = await startWorkerProcess(context, { GC_API_ENDPOINT: proxy.endpoint });
  const [uploading, publishing] = await submitBoth();
  await proxy.untilHeld(2);
  const other = await startWorkerProcess(context);
  const stoppedAtMs = Date.now();
  const { code, durationMs } = await stopped.stop();
  assert.equal(code, 0);
  assert.ok(durationMs < GRACE_MS + SLACK_MS, `${durationMs} ms`);

  for (const [job, step] of [
    [uploading, 'upload'],
    [publishing, 'publish'],
  ] as const) {
    await assertSucceeded(job);
    const [last] = await triesOf(workflowOf(job), step);
    assert.equal(last?.pid, other.pid);
    assert.ok(last.startedMs - stoppedAtMs < GRACE_MS + SLACK_MS, `${last.startedMs - stoppedAtMs} ms`);
  }
});

test('copies that end within the grace are not repeated', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const proxy = await createHoldingProxy(context);
  const stopped = await startWorkerProcess(context, { GC_API_ENDPOINT: proxy.endpoint });
  const [uploading, publishing] = await submitBoth();
  await proxy.untilHeld(2);
  await startWorkerProcess(context);
  const stopping = stopped.stop();
  await delay(1_000);
  proxy.letGo();
  assert.equal((await stopping).code, 0);

  for (const [job, step] of [
    [uploading, 'upload'],
    [publishing, 'publish'],
  ] as const) {
    await assertSucceeded(job);
    const [last] = await triesOf(workflowOf(job), step);
    assert.deepEqual([last?.pid, last?.attempt], [stopped.pid, 1]);
  }
});
