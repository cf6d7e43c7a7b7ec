import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aName, call, logOf, shellJob, submit, untilEnded } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { startOwnService } from '../support/own-service.ts';
import { historyText } from '../support/temporal.ts';
import { variants } from '../support/variants.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter, testBucket, wholeDatabase } from '../support/world.ts';

variants('claims', 'signed-urls');

/** Two attempts, so that the value is handed over twice; the task alone says whether it got what it was to get. */
const SCRIPT = '[ "$TOKEN" = "$(printf %s "$TURNED" | rev)" ] && [ "$GREETING" = hello ] && echo same; exit 7';
const CANARY = `canary-${randomUUID()}`;
const OTHER = `canary-${randomUUID()}`;

/** A text, and what is made of it where bytes are written in Base64, from each of the three places where it may begin. */
function formsOf(text: string): string[] {
  const coded = [0, 1, 2].map((skip) =>
    Buffer.from(text.slice(skip))
      .toString('base64')
      .replace(/.{2}=*$/, ''),
  );
  return [text, ...coded];
}

async function wholeBucket(): Promise<string> {
  const bucket = testBucket();
  const objects = await bucket.list('');
  const texts = objects.map(async (object) =>
    Buffer.concat(await Array.fromAsync(bucket.read(object))).toString('latin1'),
  );
  return (await Promise.all(texts)).join('\n');
}

async function secretsOf(namespace: string): Promise<string> {
  return await kubectl('get', 'secrets', '--namespace', namespace, '--output', 'name');
}

test('a sensitive value reaches the task in every attempt, and is found nowhere else', async (context) => {
  const key = randomBytes(32).toString('base64');
  let namespace = '';
  const { workflowOf, apiLines } = await startOwnService(context, async (own) => {
    namespace = own;
    await kubectl('create', 'secret', 'generic', 'public', '--from-literal=greeting=hello', '--namespace', own);
    return { ENCRYPTION_KEYS: key, OWNER_SECRETS: JSON.stringify({ '*': ['public'] }), LOG_LEVEL: 'DEBUG' };
  });
  const worker = await startWorkerProcess(context, { ENCRYPTION_KEYS: key, LOG_LEVEL: 'DEBUG' });
  const environment_variables = {
    TOKEN: { value: CANARY, sensitive: true },
    TURNED: { value: [...CANARY].toReversed().join(''), sensitive: true },
    UNUSED: { value: OTHER, sensitive: true },
    GREETING: { secret: 'public/greeting' },
  };
  const retry = { max_attempts: 2, exit_codes: [7], backoff_seconds: 1 };
  const { body } = await submit(aName('canary'), { ...shellJob(SCRIPT, { retry }), environment_variables });
  const job = await untilEnded(body.data.id);

  assert.deepEqual([job.failure?.exit_code, job.attempts?.length], [7, 1], JSON.stringify(job));
  assert.equal(await logOf(job.id), 'same\n');
  await assertWorldAfter(job);
  const places = {
    answers: JSON.stringify([body, job, await call('GET', '/batch/')]),
    history: historyText(await workflowOf(job).fetchHistory()),
    database: await wholeDatabase(),
    bucket: await wholeBucket(),
    'log of the worker': worker.lines.join('\n'),
    'log of the API': apiLines.join('\n'),
  };
  for (const [place, content] of Object.entries(places)) {
    assert.ok(content.includes(job.name) || content.includes(job.id), `${place} tells of the job`);
    for (const form of [CANARY, OTHER].flatMap(formsOf)) assert.ok(!content.includes(form), place);
  }
  assert.doesNotMatch(await secretsOf(namespace), /environment/);
});
