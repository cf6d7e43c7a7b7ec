import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createReadJobLog } from '../../../api/job-logs.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import { createReadLog } from '../../../cluster/logs.ts';
import { createOpenStream } from '../../../cluster/stream.ts';
import type { Job } from '../../../workflows/contract.ts';
import { startApi } from '../../support/api-server.ts';
import { deployTask, testCluster } from '../../support/cluster.ts';
import { aJob } from '../../support/job-builder.ts';

const readLog = ({ phase }: Pick<Job, 'phase'>) =>
  Promise.resolve(phase === 'running' ? Readable.from([Buffer.from('one\ntwo\n')]) : undefined);

test('a log that is followed before its container runs is empty at first, and comes as soon as it does', async (context) => {
  const api = await startApi(context, { readLog });
  const job = aJob({ phase: 'starting' });
  await api.store.record(job);
  const followed = await fetch(`${api.url}/batch/${job.id}/logs?follow=true&offset=4`);
  assert.equal(followed.status, 200);
  await api.store.record({ ...job, revision: 1, status: 'running', phase: 'running' });
  assert.equal(await followed.text(), 'two\n');
});

test('a log that is followed of a container that never runs ends with its job, and is empty', async (context) => {
  const api = await startApi(context, { readLog });
  const job = aJob({ phase: 'preparing' });
  await api.store.record(job);
  const followed = await fetch(`${api.url}/batch/${job.id}/logs?follow=true`);
  await api.store.record({ ...job, revision: 1, status: 'killed', phase: 'ended' });
  assert.deepEqual([followed.status, await followed.text()], [200, '']);
});

test('a log that is not there yet is 404, with the phase of its job', async (context) => {
  const api = await startApi(context, { readLog });
  const job = aJob({ phase: 'preparing' });
  await api.store.record(job);
  const { status, msg } = await api.call('GET', `/batch/${job.id}/logs`);
  assert.deepEqual(
    [status, msg],
    [404, `Batch job ${job.id} has no log of its task container yet: the job is preparing.`],
  );
});

test('a log that cannot come is 404, also for who follows', async (context) => {
  const api = await startApi(context, { readLog });
  const [ended, going] = [aJob({ status: 'killed', phase: 'ended' }), aJob({ phase: 'preparing', hasInput: false })];
  for (const job of [ended, going]) await api.store.record(job);
  for (const path of [`${ended.id}/logs?`, `${going.id}/logs?attempt=2&`, `${going.id}/logs?container=input&`])
    assert.equal((await api.call('GET', `/batch/${path}follow=true`)).status, 404, path);
});

test('the log of a pod without a node is 404, and no fault of the cluster', async (context) => {
  const cluster = testCluster(context);
  await deployTask(cluster, 'true', { node_selector: { 'kubernetes.io/hostname': 'none-of-this-name' } });
  const job = aJob({ ...cluster.ref, created: Date.now(), phase: 'starting' });
  while ((await cluster.cluster.listPods(cluster.ref)).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const fromCluster = createReadLog(createOpenStream(cluster.kubeConfig), cluster.namespace);
  const readStampedLog = createReadStampedLog(fromCluster, cluster.cluster);
  const bucket = { stat: () => Promise.resolve(undefined), list: assert.fail, read: assert.fail };
  const sources = { cluster: cluster.cluster, readLog: fromCluster, readStampedLog, bucket };
  const api = await startApi(context, { readLog: createReadJobLog(sources) });
  await api.store.record(job);
  const { status, msg } = await api.call('GET', `/batch/${job.id}/logs`);
  assert.deepEqual([status, /the job is starting/.test(msg)], [404, true], msg);
});
