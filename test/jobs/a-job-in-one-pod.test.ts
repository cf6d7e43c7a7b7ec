import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inputObjectOf, logObjectOf, outputObjectOf, recordObjectOf } from '../../bucket/objects.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, call, downloadOutput, logOf, runJob, shellJob, submit, until } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { showHistory, stepsIn } from '../support/told-steps.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter, clusterObjectsOf, testBucket } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

variants('claims', 'signed-urls');

const storage = { mode: 'ephemeral' } as const;
const input = await zipOf({ a: { content: 'from the input' } });

function inOnePod(script: string, more: Partial<JobParameters> = {}): JobParameters {
  return shellJob(script, { storage, ...more });
}

/** Each of a job's objects in the bucket, whatever it is. */
async function objectsInBucket({ id, name }: { id: string; name: string }): Promise<string[]> {
  const prefixes = [`${name}-`, `logs/${name}/`, `attempts/${name}/`, `spool/${id}`, recordObjectOf(id)];
  const listed = await Promise.all(prefixes.map((prefix) => testBucket().list(prefix)));
  return listed.flat().sort();
}

describe('a job in one pod', { concurrency: 4 }, () => {
  test('gets its input, and its output comes back', async () => {
    const job = await runJob(aName('one-pod'), inOnePod('cat /input/a | tee /output/b'), input);
    assert.deepEqual([job.status, job.exit_code, job.output?.complete], ['succeeded', 0, true], JSON.stringify(job));
    assert.equal((await entriesOf(await downloadOutput(job)))['b']?.content, 'from the input');
    assert.equal(await logOf(job.id), 'from the input');
    assert.match(await logOf(job.id, '?container=input'), /unpacked 1 file/);
    assert.match(await logOf(job.id, '?container=cleanup'), /uploaded/);
    await assertWorldAfter(job);
  });

  test('is one Job and one pod while it runs, and nothing but its files, its logs and its record when it has ended', async () => {
    const name = aName('one-of-each');
    const { id } = await runGated(name, input, { storage });
    const kindsOf = async () => (await clusterObjectsOf({ id, name })).map((object) => object.split(' ')[0]);
    assert.deepEqual(await kindsOf(), ['Job', 'Pod']);
    await openGate({ name });
    const kinds = new Set<string | undefined>();
    const ended = await until(id, async ({ status }) => {
      for (const kind of await kindsOf()) kinds.add(kind);
      return status === 'succeeded';
    });
    assert.deepEqual(
      [...kinds].filter((kind) => kind !== 'Job' && kind !== 'Pod'),
      [],
    );
    const logs = (['task', 'input', 'cleanup'] as const).map((container) => logObjectOf(name, container));
    const kept = [inputObjectOf(name), outputObjectOf(name), recordObjectOf(id), ...logs];
    assert.deepEqual(await objectsInBucket(ended), kept.sort());
    const steps = new Set(stepsIn(await showHistory(name)).map((step) => step.name));
    for (const step of ['volumes', 'cleanup', 'send']) assert.ok(!steps.has(step), step);
    await assertWorldAfter(ended);
  });

  test('keeps the output of a task that fails when that is wanted', async () => {
    const script = 'cp /input/a /output/half; exit 3';
    const job = await runJob(aName('one-pod-failed'), inOnePod(script, { outputs_on: 'always' }), input);
    assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 3], JSON.stringify(job));
    assert.equal(job.output?.complete, false, JSON.stringify(job));
    assert.equal((await entriesOf(await downloadOutput(job)))['half']?.content, 'from the input');
    await assertWorldAfter(job);
  });

  test('sends the output of a task that succeeds when any output is wanted', async () => {
    const job = await runJob(aName('one-pod-always'), inOnePod('echo b > /output/b', { outputs_on: 'always' }));
    assert.deepEqual([job.status, job.output?.complete], ['succeeded', true], JSON.stringify(job));
    await assertWorldAfter(job);
  });

  test('keeps what a task wrote that ran for too long', async () => {
    const script = 'echo half > /output/half; trap "echo last words; exit 0" TERM; sleep 600 & wait';
    const more = { timeout_seconds: 3, outputs_on: 'always' } as const;
    const job = await runJob(aName('one-pod-late'), inOnePod(script, more));
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'RunTimeout'], JSON.stringify(job));
    assert.equal(job.output?.complete, false, JSON.stringify(job));
    assert.equal((await entriesOf(await downloadOutput(job)))['half']?.content, 'half\n');
    assert.equal(await logOf(job.id), 'last words\n');
    await assertWorldAfter(job);
  });

  test('fails as DiskFull when it writes more than its folders may hold', async () => {
    const script = 'dd if=/dev/zero of=/output/zeros bs=1M count=64 2>/dev/null; sleep 600';
    const job = await runJob(aName('one-pod-full'), inOnePod(script, { storage: { ...storage, size: '8Mi' } }));
    assert.deepEqual([job.status, job.failure?.reason], ['failed', 'DiskFull'], JSON.stringify(job));
    await assertWorldAfter(job);
  });

  test('is told that nobody else can read a file of its output', async () => {
    const job = await runJob(aName('one-pod-private'), inOnePod('echo a > /output/private; chmod 600 /output/private'));
    const { reason, retryable, hint = '', message = '' } = job.failure ?? {};
    assert.deepEqual([job.status, reason, retryable], ['failed', 'OutputUploadFailed', false], JSON.stringify(job));
    assert.match(message, /private/);
    assert.match(hint, /chmod/);
    await assertWorldAfter(job);
  });

  test('cannot ask for claims of a class', async () => {
    const { status, body } = await submit(aName('both'), inOnePod('true', { storage: { ...storage, class: 'local' } }));
    assert.deepEqual([status, body.error], [400, 'InvalidParameters'], JSON.stringify(body));
  });
});

/** Long enough for a test to come between. */
const WRITES_MUCH = 'dd if=/dev/urandom of=/output/noise bs=1M count=150 2>/dev/null';

describe('a job in one pod that is killed leaves nothing', { concurrency: 3 }, () => {
  for (const outputs_on of ['success', 'always'] as const) {
    test(`while its task runs, with outputs on ${outputs_on}`, async () => {
      const { body } = await submit(aName('one-pod-killed'), inOnePod('sleep 600', { outputs_on }), input);
      const { id, name } = await until(body.data.id, ({ phase }) => phase === 'running');
      const killed = await call('DELETE', `/batch/${id}`, { headers: { prefer: 'wait=60' } });
      assert.equal(killed.body.data.status, 'killed', JSON.stringify(killed.body));
      assert.deepEqual(await testBucket().list(`${name}-output`), []);
      await assertWorldAfter(killed.body.data);
    });

    test(`while its output is sent, with outputs on ${outputs_on}`, async () => {
      const { body } = await submit(aName('one-pod-sending'), inOnePod(WRITES_MUCH, { outputs_on }));
      const { id, name } = await until(
        body.data.id,
        async (job) => job.status === 'cleaning' && (await isSending(job)),
      );
      const killed = await call('DELETE', `/batch/${id}`, { headers: { prefer: 'wait=60' } });
      assert.equal(killed.body.data.status, 'killed', JSON.stringify(killed.body));
      assert.deepEqual(await testBucket().list(`${name}-output`), []);
      await assertWorldAfter(killed.body.data);
    });
  }
});

/** True while the container of the upload runs. */
async function isSending({ name }: { name: string }): Promise<boolean> {
  const path = 'jsonpath={.items[*].status.containerStatuses[?(@.name=="cleanup")].state.running.startedAt}';
  const selector = `kubernetes-task-runner/job-name=${name}`;
  return (await kubectl('get', 'pods', '--selector', selector, '--output', path)) !== '';
}
