import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../../../client/client.ts';
import { startApi } from '../../support/api-server.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(items);
}

test('all jobs come, newest first, over as many pages as it takes', async (context) => {
  const api = await startApi(context);
  const jobs = Array.from({ length: 7 }, (_, at) => aJob({ created: 1000 + at }));
  for (const job of jobs) await api.store.record(job);
  const listed = await all(createClient(api).list({ status: ['all'], limit: 3 }));
  assert.deepEqual(
    listed.map(({ id }) => id),
    jobs.toReversed().map(({ id }) => id),
  );
});

test('a list has what meets its filter', async (context) => {
  const api = await startApi(context);
  const [running, ended] = [aJob({ status: 'running' }), aSucceededJob()];
  for (const job of [running, ended]) await api.store.record(job);
  const idsOf = async (status: string) => (await all(createClient(api).list({ status: [status] }))).map(({ id }) => id);
  assert.deepEqual([await idsOf('running'), await idsOf('succeeded')], [[running.id], [ended.id]]);
});

test('a page is told anew after each change', async (context) => {
  const api = await startApi(context);
  const job = aJob({ status: 'running' });
  await api.store.record(job);
  const statuses: string[] = [];
  for await (const { jobs } of createClient(api).watchPage({ status: ['running', 'killed'] })) {
    statuses.push(jobs.map(({ status }) => status).join());
    if (statuses.length === 2) break;
    await api.store.record({ ...job, revision: 1, status: 'killed', phase: 'ended' });
  }
  assert.deepEqual(statuses, ['running', 'killed']);
});
