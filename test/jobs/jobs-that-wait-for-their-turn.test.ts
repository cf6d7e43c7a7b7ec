import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { PresentedJob } from '../../api/present.ts';
import { runGated, openGate } from '../support/gated-job.ts';
import { aName, call, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { startOwnService } from '../support/own-service.ts';
import { reconcileNow } from '../support/reconciliation.ts';
import { zipOf } from '../support/zip-entries.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import type { WorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter, clusterObjectsOf } from '../support/world.ts';

const LIMIT = { JOB_MAX_IN_FLIGHT: '2' };

const isQueued = ({ phase }: PresentedJob) => phase === 'queued';

async function submitQueued(letter: string, input?: Buffer<ArrayBuffer>): Promise<PresentedJob> {
  const script = 'echo done > /output/done';
  const { body } = await submit(aName(`waits-${letter}`), shellJob(script), input);
  return await until(body.data.id, isQueued);
}

/** Jobs by their state, as the worker tells Prometheus. */
async function measured({ lines }: WorkerProcess): Promise<Record<string, number>> {
  const url = lines.map((line) => /^worker listening on (\S+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^kubernetes_task_runner_jobs\{state="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, state = '', value]) => [state, Number(value)] as const));
}

/** A job is `queued` from its first moment on, and counted when it has asked for its turn. */
async function assertSoonMeasured(worker: WorkerProcess, expected: Record<string, number>): Promise<void> {
  for (const endMs = Date.now() + 20_000; Date.now() < endMs; await sleep(200))
    if (isDeepStrictEqual(await measured(worker), expected)) return;
  assert.deepEqual(await measured(worker), expected);
}

async function countJobsOnCluster(): Promise<number> {
  const listed = await kubectl('get', 'jobs', '--selector', 'kubernetes-task-runner/role=task', '--output', 'name');
  return listed.split('\n').filter((line) => line !== '').length;
}

/** Watches until all of them have ended. @returns the most that were on the cluster at one time */
async function mostAtOnce(jobs: readonly PresentedJob[]): Promise<number> {
  const ended = Promise.all(jobs.map(({ id }) => untilEnded(id))).then(() => 'ended' as const);
  for (let most = 0; ; most = Math.max(most, await countJobsOnCluster())) {
    if ((await Promise.race([ended, sleep(200)])) === 'ended') return most;
  }
}

test('where two jobs may go at one time the others wait, can be killed, go in turn, and all end', async (context) => {
  const { client, workflowOf } = await startOwnService(context, () => Promise.resolve(LIMIT));
  const worker = await startWorkerProcess(context, LIMIT);
  const [first, second] = [await runGated(aName('goes-a')), await runGated(aName('goes-b'))];
  const input = await zipOf({ a: { content: 'a' } });
  const waiting = [await submitQueued('c'), await submitQueued('d', input), await submitQueued('e')];
  const [killed] = waiting.splice(1, 1);
  assert.ok(killed);
  assert.match((await call('GET', `/batch/${killed.id}`)).body.data.explain ?? '', /waits for its turn/);
  assert.deepEqual(await clusterObjectsOf(killed), []);
  await assertSoonMeasured(worker, { queued: 3, in_flight: 2 });

  const deletion = await call('DELETE', `/batch/${killed.id}`);
  assert.deepEqual([deletion.status, deletion.body.data.status], [200, 'killed']);
  await assertWorldAfter(deletion.body.data);
  await assertSoonMeasured(worker, { queued: 2, in_flight: 2 });

  const watched = mostAtOnce([first, ...waiting]);
  await openGate(first);
  assert.ok((await watched) <= 2);
  for (const { id } of [first, ...waiting]) {
    const ended = await untilEnded(id);
    assert.equal(ended.status, 'succeeded', JSON.stringify(ended));
    await assertWorldAfter(ended);
  }

  // Its end is told by one run of the reconciliation, and its place freed by the next; both may be somebody else's.
  await workflowOf(second).terminate();
  await reconcileNow(client);
  await reconcileNow(client);
  assert.equal((await untilEnded(second.id)).failure?.reason, 'ClusterError');
  await assertSoonMeasured(worker, { queued: 0, in_flight: 0 });
  assert.equal((await runJob(aName('later'), shellJob('true'))).status, 'succeeded');
});
