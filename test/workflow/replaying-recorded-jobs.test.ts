import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { alteredCheckout } from '../support/altered-checkout.ts';
import { workflowBundleOnce } from '../support/temporal-worker.ts';

const FOLDER = join(import.meta.dirname, '..', 'histories');
const histories = (await readdir(FOLDER)).filter((file) => file.endsWith('.json'));

async function readHistory(file: string): Promise<{ events: { eventType: string }[] }> {
  return JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as { events: { eventType: string }[] };
}

const ENDINGS = [
  'succeeded',
  'evicted-and-succeeded',
  'failed',
  'failed-with-output',
  'never-started',
  'output-not-kept',
  'timed-out',
  'tried-again-and-failed',
  'killed',
  'killed-before-its-start',
  'queued-and-killed',
  'killed-while-queued',
];

test('there is a recorded job for each ending', () => {
  for (const ending of ENDINGS) assert.ok(histories.includes(`${ending}.json`), ending);
});

for (const file of histories) {
  test(`the workflow as it stands replays ${file}`, async () => {
    await Worker.runReplayHistory({ workflowBundle: await workflowBundleOnce() }, await readHistory(file));
  });
}

test('a change that does not fit running jobs fails with every recorded job', async (context) => {
  const altered = join(await alteredCheckout(context), 'workflows', 'index.ts');
  const workflowBundle = await bundleWorkflows(new DefaultLogger('ERROR'), altered);
  for (const file of histories) {
    const replay = Worker.runReplayHistory({ workflowBundle }, await readHistory(file));
    await assert.rejects(replay, DeterminismViolationError, file);
  }
});

test('a history that another workflow made is refused', async () => {
  const history = await readHistory('succeeded.json');
  const text = JSON.stringify(history).replaceAll('"name":"publish"', '"name":"another"');
  await assert.rejects(
    Worker.runReplayHistory({ workflowBundle: await workflowBundleOnce() }, JSON.parse(text)),
    DeterminismViolationError,
  );
});
