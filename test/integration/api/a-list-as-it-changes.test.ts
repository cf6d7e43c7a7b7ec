import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createChangeWaiter } from '../../../store/changes.ts';
import { startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { openEvents } from '../../support/event-stream.ts';
import type { EventStream } from '../../support/event-stream.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

/** Id and status of each job of the next event. */
async function nextList(stream: EventStream): Promise<string[]> {
  const event = await stream.next();
  assert.equal(event?.fields['event'], 'jobs');
  const { jobs } = event?.data as unknown as { jobs: readonly { id: string; status: string }[] };
  return jobs.map(({ id, status }) => `${id} ${status}`);
}

describe('GET /batch/ as a stream', () => {
  test('tells the page as it is, and again when a job of it has changed, come or gone', async (context) => {
    const api = await startApi(context);
    const first = aJob({ status: 'running', created: 1 });
    await api.store.record(first);
    const stream = await openEvents(context, `${api.url}/batch/?status=created,running`);
    assert.deepEqual(await nextList(stream), [`${first.id} running`]);
    const second = aJob({ created: 2 });
    await api.store.record(second);
    assert.deepEqual(await nextList(stream), [`${second.id} created`, `${first.id} running`]);
    await api.store.record({ ...first, revision: 1, status: 'killed', phase: 'ended' });
    assert.deepEqual(await nextList(stream), [`${second.id} created`]);
  });

  test('is told of a change at once where workers tell of them', async (context) => {
    const store = await openStore(context);
    const changes = createChangeWaiter(store, { isTold: () => true });
    const api = await startApi(context, { store, changes });
    const stream = await openEvents(context, `${api.url}/batch/?status=all`);
    assert.deepEqual(await nextList(stream), []);
    const job = aSucceededJob();
    await store.record(job);
    const startedMs = performance.now();
    const telling = setInterval(() => changes.notice(job.id), 50);
    assert.deepEqual(await nextList(stream), [`${job.id} succeeded`]);
    clearInterval(telling);
    assert.ok(performance.now() - startedMs < 3000);
  });

  test('is JSON to whoever does not ask for a stream', async (context) => {
    const api = await startApi(context);
    for (const accept of ['*/*', 'application/json', 'application/json, text/event-stream']) {
      const { headers } = await api.call('GET', '/batch/', undefined, { accept });
      assert.match(String(headers.get('content-type')), /^application\/json/);
      assert.match(String(headers.get('vary')), /Accept/);
    }
  });

  test('refuses a query as the list itself does', async (context) => {
    const api = await startApi(context);
    const { status } = await fetch(`${api.url}/batch/?status=lost`, { headers: { accept: 'text/event-stream' } });
    assert.equal(status, 400);
  });

  test('keeps an idle line alive', async (context) => {
    const api: TestApi = await startApi(context, { heartbeatMs: 300 });
    const stream = await openEvents(context, `${api.url}/batch/`);
    assert.deepEqual(await nextList(stream), []);
    setTimeout(stream.leave, 2500);
    await stream.rest().catch(() => undefined);
    assert.ok(stream.others.length >= 2, JSON.stringify(stream.others));
  });

  test('shows nobody the jobs of another owner', async (context) => {
    const api = await startGuardedApi(context);
    await api.store.record(aJob({ owner: 'bob' }));
    const { headers } = await api.as('ann', 'read');
    const response = await fetch(`${api.url}/batch/?status=all`, {
      headers: { ...headers, accept: 'text/event-stream' },
    });
    const reader = response.body?.getReader();
    let told = '';
    while (!told.includes('data:')) told += Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
    assert.match(told, /data: {"jobs":\[\]}/);
  });
});
