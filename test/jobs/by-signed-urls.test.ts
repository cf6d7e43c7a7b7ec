import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { aName, downloadOutput, logOf, runJob, shellJob } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { startOwnService } from '../support/own-service.ts';
import type { OwnService } from '../support/own-service.ts';
import { ROUND_TRIPS } from '../support/round-trips.ts';
import { historyText } from '../support/temporal.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import type { WorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter, wholeDatabase } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

/** More than two chunks of an upload. */
const LARGE_BYTES = 20 * 1024 ** 2;

/** What makes a URL worth having, and where an upload goes on. */
const SIGNS = /X-Goog-Signature|X-Goog-Credential|upload_id=/i;

/** The cluster's garbage collector takes the secrets of a Job after the Job. */
async function assertNoSecretStays(): Promise<void> {
  await kubectl('wait', '--for=delete', 'secrets', '--all', '--timeout=60s');
  assert.equal(await kubectl('get', 'secrets', '--output', 'name'), '');
}

async function assertNothingTold({ workflowOf }: OwnService, { lines }: WorkerProcess): Promise<void> {
  const job = await runJob(aName('told'), shellJob('cp /input/a /output'), await zipOf({ a: { content: 'a' } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const { output_file_url: _ours, ...told } = job;
  const logs = await Promise.all(['input', 'cleanup'].map((container) => logOf(job.id, `?container=${container}`)));
  const places = {
    answers: JSON.stringify(told),
    logs: logs.join('\n'),
    history: historyText(await workflowOf(job).fetchHistory()),
    database: await wholeDatabase(),
    worker: lines.join('\n'),
  };
  for (const [place, text] of Object.entries(places)) assert.doesNotMatch(text, SIGNS, place);
  assert.ok(places.history.includes(job.id) && places.database.includes(job.id) && places.worker.includes(job.name));
}

test('with signed URLs jobs run as with a credential, and neither the credential nor a URL is anywhere else', async (context) => {
  const service = await startOwnService(context);
  const worker = await startWorkerProcess(context, { BUCKET_CREDENTIALS: 'signed-urls', LOG_LEVEL: 'DEBUG' });
  for (const [sentence, roundTrip] of Object.entries(ROUND_TRIPS)) await context.test(sentence, roundTrip);

  await context.test('an output of several chunks comes back', async () => {
    const content = randomBytes(LARGE_BYTES);
    const job = await runJob(
      aName('large'),
      shellJob('cp /input/noise /output'),
      await zipOf({ noise: { content, isCompressed: false } }),
    );
    assert.equal(job.status, 'succeeded', JSON.stringify(job));
    assert.ok((await downloadOutput(job)).includes(content.subarray(0, 4096)));
    await assertWorldAfter(job);
  });

  await context.test('a job whose task goes on for a second attempt gets URLs of its own each time', async () => {
    const script = 'cat /input/a > /output/a; case $(hostname) in *.2-*) ;; *) exit 75;; esac';
    const retry = { exit_codes: [75], backoff_seconds: 1 };
    const job = await runJob(aName('again'), shellJob(script, { retry }), await zipOf({ a: { content: 'again' } }));
    assert.equal(job.status, 'succeeded', JSON.stringify(job));
    assert.equal((await entriesOf(await downloadOutput(job)))['a']?.content, 'again');
    await assertWorldAfter(job);
  });

  await context.test('no answer, no history, no row and no log tells a URL', () => assertNothingTold(service, worker));
  await context.test('the namespace has no credential, and no secret of a job stays', assertNoSecretStays);
});
