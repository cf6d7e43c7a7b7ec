import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { CoordinationV1Api, V1MicroTime } from '@kubernetes/client-node';
import { WATCHER_LEASE } from '../../worker/watching.ts';
import { startApiProcess } from '../support/api-process.ts';
import { required } from '../support/environment.ts';
import { openEvents } from '../support/event-stream.ts';
import { aName, logOf, shellJob, untilEnded } from '../support/job-client.ts';
import { stackKubeConfig } from '../support/kube-config.ts';

const LIMIT_MS = 2_000;
const INTERVAL_SECONDS = 5;

/** The last that the task says is the time of this machine since its start: its clock is finer than the one of the cluster. */
const SCRIPT = (seconds: number) => `sleep ${seconds}; cut -d ' ' -f 1 /proc/uptime`;

/** Epoch milliseconds at which this machine was `uptimeSeconds` old. */
function epochMsOf(uptimeSeconds: number): number {
  const nowSeconds = Number(readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0]);
  return Date.now() - (nowSeconds - uptimeSeconds) * 1000;
}

/** Runs a job; milliseconds from the end of its container to the event that tells a waiting client of it. */
async function noticedMs(context: TestContext, apiUrl: string, seconds: number): Promise<number> {
  const body = JSON.stringify({ name: aName('noticed'), job_parameters: shellJob(SCRIPT(seconds)) });
  const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
  const answer = (await (await fetch(`${apiUrl}/batch/`, { method: 'POST', headers, body })).json()) as {
    readonly data: { readonly id: string };
  };
  const { id } = answer.data;
  const events = await openEvents(context, `${apiUrl}/batch/${id}/events`);
  let event = await events.next();
  while (event && event.data?.status !== 'cleaning') event = await events.next();
  const toldMs = Date.now();
  assert.equal((await untilEnded(id)).status, 'succeeded');
  return toldMs - epochMsOf(Number(await logOf(id)));
}

/** Whether the worker of the stack says that it watches the cluster. */
async function isWatching(): Promise<boolean> {
  const text = await (await fetch(`${required('WORKER_URL')}/metrics`)).text();
  return /^kubernetes_task_runner_watcher_leader 1$/m.test(text);
}

async function untilWatching(isSo: boolean): Promise<void> {
  for (const endMs = Date.now() + 30_000; (await isWatching()) !== isSo; await sleep(200)) {
    assert.ok(Date.now() < endMs, `after 30 s it is not so that the worker ${isSo ? 'watches' : 'does not watch'}`);
  }
}

/** Gives the lease to somebody who never watches, until the test ends. */
async function takeTheWatchAway(context: TestContext): Promise<void> {
  const lease = { namespace: required('KUBERNETES_NAMESPACE'), name: WATCHER_LEASE };
  const api = stackKubeConfig().makeApiClient(CoordinationV1Api);
  const time = new V1MicroTime();
  const spec = { holderIdentity: 'nobody', leaseDurationSeconds: 300, acquireTime: time, renewTime: time };
  const seize = async () => {
    const { metadata } = await api.readNamespacedLease(lease);
    await api.replaceNamespacedLease({ ...lease, body: { ...(metadata && { metadata }), spec } });
  };
  // Its holder may renew it between the two.
  await seize().catch(seize);
  context.after(async () => {
    await api.deleteNamespacedLease(lease);
    await untilWatching(true);
  });
  await untilWatching(false);
}

test(`the end of a container is told to who waits within ${LIMIT_MS} ms when the watch lives`, async (context) => {
  await untilWatching(true);
  const all: number[] = [];
  for (const seconds of [1, 2, 2.5, 3, 3.5]) all.push(await noticedMs(context, required('API_URL'), seconds));
  context.diagnostic(`${all.map(Math.round).join(', ')} ms`);
  // A machine that is busy with something else may hold one of them up, not most of them.
  const median = all.toSorted((a, b) => a - b)[2] ?? Infinity;
  assert.ok(median <= LIMIT_MS && Math.max(...all) <= 2 * LIMIT_MS, `${all.join(', ')} ms`);
});

test('without a watch the end of a container is told within the interval of synchronization', async (context) => {
  await takeTheWatchAway(context);
  const interval = { JOB_SYNCHRONIZATION_INTERVAL: String(INTERVAL_SECONDS) };
  const { url } = await startApiProcess(context, interval);
  const afterMs = await noticedMs(context, url, 8);
  context.diagnostic(`${Math.round(afterMs)} ms`);
  assert.ok(afterMs <= INTERVAL_SECONDS * 1000 + LIMIT_MS, `${afterMs} ms`);
  assert.equal(await isWatching(), false);
});
