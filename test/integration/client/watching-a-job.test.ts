import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../../../client/client.ts';
import { startApi } from '../../support/api-server.ts';
import { createBreakingFetch } from '../../support/breaking-fetch.ts';
import { aJob } from '../../support/job-builder.ts';

test('a job is told as it is and after each change, until it has ended', async (context) => {
  const api = await startApi(context);
  const job = aJob();
  await api.store.record(job);
  const phases: string[] = [];
  for await (const { phase } of createClient(api).watch(job.id)) {
    phases.push(phase);
    if (phase === 'preparing') await api.store.record({ ...job, revision: 1, phase: 'starting' });
    if (phase === 'starting') await api.store.record({ ...job, revision: 2, status: 'killed', phase: 'ended' });
  }
  assert.deepEqual(phases, ['preparing', 'starting', 'ended']);
});

test('what breaks off is taken up again after what was seen', async (context) => {
  const api = await startApi(context);
  const job = aJob();
  await api.store.record(job);
  // All of these break off with their first bytes, in which an event is whole or is not.
  const { fetch, requests } = createBreakingFetch(10, 100, 100_000);
  const watching = createClient({ url: api.url, fetch }).watch(job.name);
  const first = await watching.next();
  assert.equal(first.done ? undefined : first.value.phase, 'preparing');
  await api.store.record({ ...job, revision: 5, status: 'killed', phase: 'ended' });
  assert.deepEqual(
    (await Array.fromAsync(watching)).map(({ status }) => status),
    ['killed'],
  );
  assert.deepEqual([requests.length, requests.at(-1)?.headers.get('last-event-id')], [3, null]);
});

test('a job that there is not is a refusal, and not waited for', async (context) => {
  const api = await startApi(context);
  await assert.rejects(createClient(api).watch('nobody').next(), { name: 'ApiRefusal', status: 404 });
});

test('what is waited for is the first state that is meant', async (context) => {
  const api = await startApi(context);
  const job = aJob({ status: 'running', phase: 'running' });
  await api.store.record(job);
  const found = await createClient(api).waitFor(job.id, ({ phase }) => phase === 'running');
  assert.equal(found.phase, 'running');
});
