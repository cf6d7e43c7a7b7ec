import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createSealer } from '../../../sealing.ts';
import { createChangeWaiter } from '../../../store/changes.ts';
import type { ChangeWaiter } from '../../../store/changes.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { openStore } from '../../support/open-store.ts';
import { runSchemathesis } from '../../support/schemathesis.ts';
import { zipOf } from '../../support/zip-entries.ts';

/** Whoever waits for a change waits no longer than this: nobody works on the jobs. */
const LONGEST_WAIT_MS = 50;

test('the API keeps to its document, whatever is sent to it', async (context) => {
  const store = await openStore(context);
  const sealer = createSealer([randomBytes(32)]);
  const api = await startApi(context, { store, sealer, changes: impatient(createChangeWaiter(store)) });
  const run = `test-${randomUUID().slice(0, 8)}`;
  const env = { JOB_WITH_FILES: await sendJobWithFiles(api, run), SCHEMATHESIS_RUN: run };
  const { passed, report } = await runSchemathesis(`${api.url}/openapi.json`, env).finally(() => endAllWorkflows(api));
  for (const [line] of report.matchAll(/^.*(?:\(in [\d.]+s\)|generated, ).*$/gm)) context.diagnostic(line.trim());
  assert.ok(passed, report);
  assert.match(report, /✅ +Examples[\s\S]*✅ +Coverage[\s\S]*✅ +Fuzzing[\s\S]*✅ +Stateful/);
  const accepted = await store.list({ statuses: ['created'], limit: 1000 });
  assert.ok(accepted.length > 10, `${accepted.length} jobs were accepted`);
});

function impatient({ waitForJob, ...others }: ChangeWaiter): ChangeWaiter {
  return {
    ...others,
    waitForJob: (id, isThere, { timeoutMs, ...options }) =>
      waitForJob(id, isThere, { timeoutMs: Math.min(timeoutMs, LONGEST_WAIT_MS), ...options }),
  };
}

/** Sends a job with an input and lets it come as far as it can while it may still be killed; resolves to its id. */
async function sendJobWithFiles(api: TestApi, name: string): Promise<string> {
  const input_zip = (await zipOf({ a: { content: 'x' } })).toString('base64');
  const { id } = jobIn(
    await api.call('POST', '/batch/', { name, job_parameters: { docker_image: 'python', input_zip } }),
  );
  const job = await api.store.find(id);
  assert.ok(job);
  const stored = await api.bucket.write(`${name}-output.zip`, Readable.from([await zipOf({})]));
  const { object } = await api.bucket.write(`${name}-log.txt`, Readable.from([Buffer.from('log\n')]));
  const output = { ...stored, files: 1, complete: true };
  const logObjects = { task: object, input: object, cleanup: object };
  await api.store.record({
    ...job,
    revision: 9,
    status: 'cleaning',
    phase: 'deleting',
    exitCode: 0,
    output,
    logObjects,
  });
  return id;
}

async function endAllWorkflows(api: TestApi): Promise<void> {
  for (const { name } of await api.store.list({ statuses: 'all', limit: 1000 })) await endWorkflow(api, name);
}
