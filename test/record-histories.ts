/**
 * Records the history of one job for each ending from a running stack, to be replayed by the tests:
 * `set -a; . .local/env; set +a; node_modules/.bin/node test/record-histories.ts [ending ...]`. Recorded again only when the workflow changes on purpose;
 * a change that must not disturb running jobs has to replay the histories as they are.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'node:test';
import type { PresentedJob } from '../api/present.ts';
import { workflowIdOf } from '../workflows/names.ts';
import { required } from './support/environment.ts';
import { aName, call, shellJob, submit, until, untilEnded } from './support/job-client.ts';
import { evict, podOf } from './support/operator.ts';
import { soon, startQueue } from './support/queueing.ts';
import type { TestQueue } from './support/queueing.ts';
import { zipOf } from './support/zip-entries.ts';

const FOLDER = join(import.meta.dirname, 'histories');
const REPOSITORY = join(import.meta.dirname, '..');

const ENDINGS: Readonly<Record<string, () => Promise<PresentedJob>>> = {
  succeeded: async () => {
    const { body } = await submit(
      aName('recorded'),
      shellJob('cp /input/a /output/a'),
      await zipOf({ a: { content: 'a' } }),
    );
    return body.data;
  },
  'succeeded-in-one-pod': async () => {
    const parameters = shellJob('cp /input/a /output/a', { storage: { mode: 'ephemeral' } });
    return (await submit(aName('recorded'), parameters, await zipOf({ a: { content: 'a' } }))).body.data;
  },
  'failed-in-one-pod-with-output': async () => {
    const more = { outputs_on: 'always', storage: { mode: 'ephemeral' } } as const;
    return (await submit(aName('recorded'), shellJob('echo a > /output/a; exit 3', more))).body.data;
  },
  failed: async () => (await submit(aName('recorded'), shellJob('exit 3'))).body.data,
  // What the task wrote until then is kept.
  'failed-with-output': async () => {
    const parameters = shellJob('echo a > /output/a; sleep 600', { timeout_seconds: 2, outputs_on: 'always' });
    return (await submit(aName('recorded'), parameters)).body.data;
  },
  'never-started': async () => {
    const parameters = shellJob('true', { node_selector: { 'example.com/none': '' }, start_timeout_seconds: 2 });
    return (await submit(aName('recorded'), parameters)).body.data;
  },
  killed: async () => {
    const { body } = await submit(aName('recorded'), shellJob('trap "exit 0" TERM; sleep 3600 & wait'));
    await until(body.data.id, ({ phase }) => phase === 'running');
    await call('DELETE', `/batch/${body.data.id}`);
    return body.data;
  },
  'timed-out': async () => (await submit(aName('recorded'), shellJob('sleep 600', { timeout_seconds: 2 }))).body.data,
  'killed-before-its-start': async () => {
    const parameters = shellJob('true', { node_selector: { 'example.com/none': '' } });
    const { body } = await submit(aName('recorded'), parameters);
    await until(body.data.id, ({ phase }) => phase === 'starting');
    await call('DELETE', `/batch/${body.data.id}`);
    return body.data;
  },
  'output-not-kept': async () => {
    const script = `truncate -s ${Number(required('JOB_MAX_OUTPUT_BYTES')) + 1} /output/hole`;
    return (await submit(aName('recorded'), shellJob(script))).body.data;
  },
  // The second attempt succeeds; its pod's name tells which it is.
  'evicted-and-succeeded': async () => {
    const script = 'case $(hostname) in *.2-*) true;; *) trap "exit 1" TERM; sleep 600 & wait;; esac';
    const { body } = await submit(aName('recorded'), shellJob(script));
    await until(body.data.id, ({ phase }) => phase === 'running');
    await evict(await podOf(body.data));
    return body.data;
  },
  'tried-again-and-failed': async () => {
    const retry = { exit_codes: [3], max_attempts: 2, backoff_seconds: 0 };
    return (await submit(aName('recorded'), shellJob('exit 3', { retry }))).body.data;
  },
  // The output can be read by its owner alone, so that the cleanup Job runs twice.
  'succeeded-as-owner': async () =>
    (await submit(aName('recorded'), shellJob('umask 077; echo a > /output/a'))).body.data,
};

/** Jobs that wait for their turn, with steps that do nothing: the stack limits no jobs, and what such a step does is not in a history. */
const QUEUED_ENDINGS: Readonly<Record<string, (queue: TestQueue) => Promise<string>>> = {
  'queued-and-killed': async (queue) => {
    const first = await queue.submit('recorded-a');
    await soon(() => queue.deployed.length === 1);
    const second = await queue.submit('recorded-b', { owner: 'alice' });
    await soon(async () => (await queue.counts()).queued === 1);
    await first.kill();
    await soon(() => queue.deployed.length === 2);
    await second.kill();
    return second.handle.workflowId;
  },
  'killed-while-queued': async (queue) => {
    await queue.submit('recorded-a');
    await soon(() => queue.deployed.length === 1);
    const second = await queue.submit('recorded-b');
    await soon(async () => (await queue.counts()).queued === 1);
    await second.kill();
    return second.handle.workflowId;
  },
};

await mkdir(FOLDER, { recursive: true });
const chosen = process.argv.slice(2);
for (const [ending, run] of Object.entries(ENDINGS)) {
  if (chosen.length > 0 && !chosen.includes(ending)) continue;
  const { id, name } = await run();
  const { status } = await untilEnded(id);
  const history = withoutTraces(await historyOf(workflowIdOf(name)));
  await writeFile(join(FOLDER, `${ending}.json`), history);
  console.log(`${ending}.json: ${name} has ${status}`);
}

for (const [ending, run] of Object.entries(QUEUED_ENDINGS)) {
  if (chosen.length > 0 && !chosen.includes(ending)) continue;
  test(ending, async (context) => {
    const workflowId = await run(await startQueue(context, { all: 1 }));
    await writeFile(join(FOLDER, `${ending}.json`), withoutTraces(await historyOf(workflowId)));
  });
}

/** The whole history: a job is told as ended a moment before its workflow closes. */
async function historyOf(workflowId: string): Promise<string> {
  await temporal('workflow', 'result', '--workflow-id', workflowId);
  return await temporal('workflow', 'show', '--workflow-id', workflowId, '--output', 'json');
}

async function temporal(...args: readonly string[]): Promise<string> {
  const path = join(required('LOCAL_BIN'), 'temporal');
  return (await promisify(execFile)(path, args, { maxBuffer: 64 * 1024 ** 2 })).stdout;
}

/** Takes out what tells about the machine that recorded. */
function withoutTraces(json: string): string {
  const text = JSON.stringify(JSON.parse(json), (key, value: unknown) => (key === 'identity' ? 'recorder' : value), 1);
  // A worker's own queue is called after its process and host.
  return `${text.replaceAll(REPOSITORY, '').replaceAll(/\d+@[\w.-]+/g, 'recorder')}\n`;
}
