import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import { createHoldingProxy } from '../support/holding-proxy.ts';
import { aName, downloadOutput, shellJob, submit, untilEnded } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { stepsIn } from '../support/told-steps.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { triesOf } from '../support/workers-of-a-job.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

/** What worker/main.ts gives activities under way, and what a busy machine may add until the process has ended. */
const GRACE_MS = 20_000;
const SLACK_MS = 9_000;

/** A copy that is tried within a workflow task, and one that is an activity of its own: noise as text loses a quarter in a zip. */
const SIZES_BYTES = [5, 12 * 1024 ** 2];

interface Copying {
  readonly job: PresentedJob;
  readonly step: 'upload' | 'publish';
  readonly sizeBytes: number;
}

/** Jobs whose inputs are taken, and others whose outputs are published. */
async function submitAll(): Promise<Copying[]> {
  const uploading = async (sizeBytes: number) => {
    const input = await zipOf({ a: { content: randomBytes(sizeBytes).toString('base64').slice(0, sizeBytes) } });
    const { body } = await submit(aName('upload'), shellJob('cp /input/a /output/a'), input);
    return { job: body.data, step: 'upload', sizeBytes } as const;
  };
  const publishing = async (sizeBytes: number) => {
    const { body } = await submit(aName('publish'), shellJob(`base64 /dev/urandom | head -c ${sizeBytes} > /output/a`));
    return { job: body.data, step: 'publish', sizeBytes } as const;
  };
  return await Promise.all(SIZES_BYTES.flatMap((sizeBytes) => [uploading(sizeBytes), publishing(sizeBytes)]));
}

async function assertSucceeded({ job, sizeBytes }: Copying): Promise<void> {
  const end = await untilEnded(job.id);
  assert.equal(end.status, 'succeeded', JSON.stringify(end));
  assert.equal((await entriesOf(await downloadOutput(end)))['a']?.content.length, sizeBytes);
  await assertWorldAfter(end);
}

test('copies that stand still when the worker is stopped are handed over within its grace', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const proxy = await createHoldingProxy(context);
  const stopped = await startWorkerProcess(context, { GC_API_ENDPOINT: proxy.endpoint });
  const copies = await submitAll();
  await proxy.untilHeld(copies.length);
  const other = await startWorkerProcess(context);
  const stoppedAtMs = Date.now();
  const { code, durationMs } = await stopped.stop();
  assert.equal(code, 0);
  assert.ok(durationMs < GRACE_MS + SLACK_MS, `${durationMs} ms`);

  for (const copy of copies) {
    await assertSucceeded(copy);
    const [last] = await triesOf(workflowOf(copy.job), copy.step);
    assert.equal(last?.pid, other.pid);
    assert.ok(last.startedMs - stoppedAtMs < GRACE_MS + SLACK_MS, `${last.startedMs - stoppedAtMs} ms`);
  }
});

test('copies that end within the grace are not repeated', async (context) => {
  const { workflowOf } = await startOwnService(context);
  const proxy = await createHoldingProxy(context);
  const stopped = await startWorkerProcess(context, { GC_API_ENDPOINT: proxy.endpoint });
  const copies = await submitAll();
  await proxy.untilHeld(copies.length);
  await startWorkerProcess(context);
  const stopping = stopped.stop();
  await delay(1_000);
  proxy.letGo();
  assert.equal((await stopping).code, 0);

  for (const copy of copies) {
    await assertSucceeded(copy);
    const done = stepsIn(await workflowOf(copy.job).fetchHistory()).filter(({ name }) => name === copy.step);
    const tries = (await triesOf(workflowOf(copy.job), copy.step)).map(({ pid, attempt }) => [pid, attempt]);
    if (done[0]?.isLocal) assert.deepEqual([done.length, tries], [1, []]);
    else assert.deepEqual([done.length, tries], [1, [[stopped.pid, 1]]]);
  }
});
