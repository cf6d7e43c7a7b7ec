import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  aName,
  call,
  downloadOutput,
  logOf,
  runJob,
  shellJob,
  submit,
  until,
  untilEnded,
} from '../support/job-client.ts';
import { evict, kubectl, podOf } from '../support/operator.ts';
import { makeSilentNode } from '../support/silent-node.ts';
import { standardMode } from '../support/standard-mode.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod', 'signed-urls');

/** Runs the first script in the first attempt, and the second in the second one, which its pod's name tells. */
function inTurn(first: string, second: string): string {
  return `case $(hostname) in *.2-*) ${second};; *) ${first};; esac`;
}

describe('a job is tried again', { concurrency: 5 }, () => {
  test('after an exit code that it names, and each attempt has its log and its exit code', async () => {
    const script = inTurn('echo first; echo left > /output/first; exit 75', 'echo second; cp /input/a /output/second');
    const parameters = shellJob(script, { retry: { exit_codes: [75], backoff_seconds: 0 } });
    const job = await runJob(aName('exit-code'), parameters, await zipOf({ a: { content: 'a' } }));
    assert.deepEqual([job.status, job.exit_code, job.failure], ['succeeded', 0, undefined], JSON.stringify(job));
    assert.equal(job.attempts?.length, 1);
    const [attempt] = job.attempts ?? [];
    assert.deepEqual([attempt?.failure.reason, attempt?.exit_code], ['UserError', 75]);
    assert.deepEqual([await logOf(job.id), await logOf(job.id, '?attempt=1')], ['second\n', 'first\n']);
    assert.equal(await logOf(job.id, '?attempt=2'), 'second\n');
    assert.match(await logOf(job.id, '?attempt=1&container=input'), /./);
    assert.equal((await fetchLog(job.id, '?attempt=3')).status, 404);
    // On claims of its own: nothing that the first one wrote is in the output.
    assert.deepEqual(Object.keys(await entriesOf(await downloadOutput(job))), ['second']);
    await assertWorldAfter(job);
  });

  test('with more memory when it ran out of it', async () => {
    const resources = { requests: { memory: '16Mi' }, limits: { memory: '32Mi' } };
    const script = 'head -c 48000000 /dev/zero | tail > /dev/null';
    const retry = { memory_factor: 4, backoff_seconds: 0 };
    const job = await runJob(aName('more-memory'), shellJob(script, { resources, retry }));
    assert.deepEqual(
      [job.status, job.attempts?.map(({ failure }) => failure.reason)],
      ['succeeded', ['OOMKilled']],
      JSON.stringify(job),
    );
    await assertWorldAfter(job);
  });

  test('when its pod is evicted, although nothing is said', async () => {
    const script = inTurn('trap "exit 1" TERM; sleep 600 & wait', 'true');
    const { body } = await submit(aName('moved'), shellJob(script));
    const { id, name } = await until(body.data.id, ({ phase }) => phase === 'running');
    await evict(await podOf({ name }));
    const job = await untilEnded(id);
    assert.deepEqual([job.status, job.attempts?.[0]?.failure.reason], ['succeeded', 'Evicted'], JSON.stringify(job));
    await assertWorldAfter(job);
  });

  test('and is killed while it waits for that', async () => {
    const retry = { exit_codes: [75], backoff_seconds: 3600 };
    const { body } = await submit(aName('given-up'), shellJob('echo first; exit 75', { retry }));
    const waiting = await until(body.data.id, ({ attempts }) => attempts !== undefined);
    assert.deepEqual([waiting.phase, waiting.failure], ['preparing', undefined]);
    const { id, explain } = await until(waiting.id, (job) => job.explain !== undefined);
    assert.match(explain ?? '', /^attempt 2 follows: UserError: /);
    const killed = await call('DELETE', `/batch/${id}`);
    assert.equal(killed.status, 200);
    const job = await untilEnded(id);
    assert.deepEqual([job.status, job.attempts?.length], ['killed', 1]);
    assert.equal(await logOf(id, '?attempt=1'), 'first\n');
    await assertWorldAfter(job);
  });

  test('when its node is lost, under names of its own, while the cluster still keeps the lost pod', async (context) => {
    const node = await makeSilentNode(context);
    const key = 'node.kubernetes.io/unreachable';
    const parameters = shellJob('sleep 600', {
      node_selector: node.selector,
      storage: node.storage,
      tolerations: [node.toleration, { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }],
      retry: { backoff_seconds: 0 },
    });
    const { body } = await submit(aName('lost-again'), parameters);
    const { id, name } = await until(
      body.data.id,
      async (job) => job.phase === 'starting' && (await podOf(job)) !== '',
    );
    const pod = await podOf({ name });
    await node.reportRunning(pod);
    const again = await until(id, ({ phase, attempts }) => attempts !== undefined && phase === 'starting');
    assert.deepEqual([again.status, again.attempts?.[0]?.failure.reason], ['running', 'NodeLost']);
    await until(id, async () => (await objectsOf(id)).includes(`job.batch/${name}.2`));
    const claims = standardMode() === 'persistent' ? [`persistentvolumeclaim/job-${name}-output.2`] : [];
    for (const object of [`pod/${pod}`, ...claims]) assert.ok((await objectsOf(id)).includes(object), object);
    await call('DELETE', `/batch/${id}`, { headers: { prefer: 'respond-async' } });
    await kubectl('delete', 'pod', pod, '--force', '--grace-period=0', '--wait=false');
    await assertWorldAfter(await untilEnded(id));
  });
});

async function objectsOf(id: string): Promise<string[]> {
  const selector = `kubernetes-task-runner/job-id=${id}`;
  return (await kubectl('get', 'jobs,pods,pvc', '--selector', selector, '--output', 'name')).split('\n');
}

async function fetchLog(id: string, query: string) {
  return await call('GET', `/batch/${id}/logs${query}`);
}
