import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { outputClaimOf } from '../../cluster/names.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, call, logOf, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { kubectl, podOf } from '../support/operator.ts';
import { openClient, reconcileNow, reconcileUntilEnded } from '../support/reconciliation.ts';
import { standardMode } from '../support/standard-mode.ts';
import { runTool } from '../support/tools.ts';
import { variants } from '../support/variants.ts';
import { metricOf } from '../support/worker-metrics.ts';
import { assertWorldAfter } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

/** Says its last word when it is told to stop. */
const SPEAKS = 'trap "echo last; exit 0" TERM; echo first; sleep 3600 & wait';

/** Orphans that the worker of the stack has counted. */
async function counted(what: 'found' | 'repaired'): Promise<number> {
  return (await metricOf(`reconcile_orphans_${what}_total`)) ?? NaN;
}

async function terminate(name: string): Promise<void> {
  const reason = ['--reason', 'a test of force'];
  await runTool('temporal', 'workflow', 'terminate', '--workflow-id', workflowIdOf(name), ...reason);
}

/** Keeps a thing of a job on the cluster, and its job from its end, until the answer is called or the test ends. */
async function hold(context: TestContext, thing: string): Promise<() => Promise<void>> {
  const patch = (type: string, change: string) => kubectl('patch', thing, '--type', type, '--patch', change);
  await patch('json', '[{"op":"add","path":"/metadata/finalizers/-","value":"test.example/held"}]');
  const release = async () => void (await patch('merge', '{"metadata":{"finalizers":null}}'));
  context.after(() => release().catch(() => undefined));
  return release;
}

/** What goes only when the job ends. */
async function lastThingOf(job: { readonly name: string }): Promise<string> {
  return standardMode() === 'persistent' ? `pvc/${outputClaimOf(job)}` : `pod/${await podOf(job)}`;
}

/** A job with an input whose task runs, and has said something. */
async function runningJob(name: string) {
  const { body } = await submit(name, shellJob(SPEAKS), await zipOf({ a: { content: 'a' } }));
  return await until(body.data.id, async ({ id, phase }) => phase === 'running' && (await logOf(id)) === 'first\n');
}

test('a job whose workflow is terminated is finished by the reconciliation: with its log, and nothing of it left', async (context) => {
  const client = await openClient(context);
  const job = await runningJob(aName('terminated'));
  const repairedBefore = await counted('repaired');
  await terminate(job.name);
  const left = await call('GET', `/batch/${job.id}`);
  assert.match(left.body.data.explain ?? '', /its workflow was ended by force \(terminated\)/);

  const end = await reconcileUntilEnded(client, job.id);
  assert.ok((await counted('repaired')) > repairedBefore);
  assert.ok((await counted('found')) >= (await counted('repaired')));
  const { status, phase, failure, explain, start_time, stop_time, released_time } = end;
  assert.deepEqual([status, phase, failure?.reason, failure?.phase], ['failed', 'ended', 'ClusterError', 'running']);
  assert.equal(failure?.message, 'the workflow of the job was terminated: a test of force');
  assert.deepEqual([failure?.retryable, explain], [true, undefined]);
  assert.ok(stop_time !== undefined && start_time !== undefined && stop_time > start_time);
  assert.equal(released_time, stop_time);
  assert.equal(await logOf(job.id), 'first\nlast\n');
  await assertWorldAfter(end);

  const again = await reconcileNow(client);
  assert.ok(!again.finished.includes(job.name));
  assert.deepEqual((await call('GET', `/batch/${job.id}`)).body.data, end);
});

test('DELETE finishes such a job at once, and says that it ended otherwise', async () => {
  const job = await runningJob(aName('terminated-deleted'));
  await terminate(job.name);
  const { status, body } = await call<string>('DELETE', `/batch/${job.id}`, { headers: { prefer: 'wait=60' } });
  assert.deepEqual([status, body.msg], [400, `Can't stop batch job ${job.id}. Status is: failed.`]);
  const end = await untilEnded(job.id);
  assert.equal(end.failure?.reason, 'ClusterError');
  assert.equal(await logOf(job.id), 'first\nlast\n');
  await assertWorldAfter(end);
});

test('a job whose output is published has succeeded, though its workflow was terminated before it could say so', async (context) => {
  const client = await openClient(context);
  const { id, name } = await runGated(aName('terminated-published'));
  const release = await hold(context, await lastThingOf({ name }));
  await openGate({ name });
  const { output } = await until(id, (job) => job.output !== undefined);
  await terminate(name);
  await release();
  const end = await reconcileUntilEnded(client, id);
  assert.deepEqual([end.status, end.failure, end.output], ['succeeded', undefined, output]);
  await assertWorldAfter(end);
});
