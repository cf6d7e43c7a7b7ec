import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { jobIn, startApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';
import { startJob } from '../../support/temporal.ts';

describe('GET /batch/', () => {
  test('lists running jobs, newest first, when nothing is said', async (context) => {
    const api = await startApi(context);
    await api.store.record(aJob({ name: 'old', status: 'running', created: 1 }));
    await api.store.record(aJob({ name: 'new', status: 'running', created: 2 }));
    await api.store.record(aJob({ name: 'done', status: 'succeeded', created: 3 }));
    const names = async (query: string) =>
      ((await api.call('GET', `/batch/${query}`)).data as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(await names(''), ['new', 'old']);
    assert.deepEqual(await names('?status=all&limit=2'), ['done', 'new']);
    assert.deepEqual(await names('?status=failed,succeeded'), ['done']);
  });

  test('refuses an unknown status by its name', async (context) => {
    const api = await startApi(context);
    const { status, error, data } = await api.call('GET', '/batch/?status=done&limit=0');
    assert.deepEqual([status, error, Object.keys(data)], [400, 'InvalidParameters', ['status', 'limit']]);
  });
});

describe('GET /batch/:id', () => {
  test('answers by id and by name', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    for (const key of [job.id, job.name]) assert.equal(jobIn(await api.call('GET', `/batch/${key}`)).id, job.id);
  });

  for (const id of [randomUUID(), 'nobody', 'a'.repeat(63)]) {
    test(`does not know ${id.slice(0, 40)}`, async (context) => {
      const api = await startApi(context);
      const { status, error, result } = await api.call('GET', `/batch/${id}`);
      assert.deepEqual([status, error, result], [404, 'DoesNotExist', false]);
    });
  }

  test('waits for the next change, or until the wait is over', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    const pending = api.call('GET', `/batch/${job.id}?wait=20`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.store.record({ ...job, revision: 1, phase: 'starting' });
    assert.equal(jobIn(await pending).phase, 'starting');
    const startMs = performance.now();
    assert.equal(jobIn(await api.call('GET', `/batch/${job.id}?wait=1`)).phase, 'starting');
    assert.ok(performance.now() - startMs >= 1000);
  });

  test('asks nobody what a job waits for that has just changed, and asks when it has not', async (context) => {
    const asked: string[] = [];
    const api = await startApi(context, { explain: ({ phase }) => Promise.resolve(void asked.push(phase)) });
    const job = aJob();
    await api.store.record(job);
    const pending = api.call('GET', `/batch/${job.id}?wait=20`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.store.record({ ...job, revision: 1, phase: 'queued' });
    assert.match(jobIn(await pending).explain ?? '', /its turn/);
    assert.deepEqual(asked, []);
    await api.call('GET', `/batch/${job.id}?wait=1`);
    assert.deepEqual(asked, ['queued']);
  });

  test('does not wait when the client has not seen the newest change, or there will be none', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    const etag = (await api.call('GET', `/batch/${job.id}`)).headers.get('etag') ?? '';
    await api.store.record({ ...job, revision: 1, phase: 'starting' });
    const startMs = performance.now();
    const next = await api.call('GET', `/batch/${job.id}?wait=20`, undefined, { 'If-None-Match': etag });
    assert.equal(jobIn(next).phase, 'starting');
    await api.store.record({ ...job, revision: 2, status: 'failed', phase: 'ended' });
    assert.equal(jobIn(await api.call('GET', `/batch/${job.id}?wait=20`)).status, 'failed');
    assert.ok(performance.now() - startMs < 10_000);
  });
});

describe('a mirror that missed something', () => {
  test('is healed when a job is asked for by its name', async (context) => {
    const api = await startApi(context);
    const name = `test-${randomUUID().slice(0, 13)}`;
    const running = await startJob(context, {}, { name, id: randomUUID() });
    await running.called('deploy');
    const job = jobIn(await api.call('GET', `/batch/${name}`));
    assert.equal(job.name, name);
    assert.equal((await api.store.find(job.id))?.workflowId, job.workflow_id);
  });

  test('is no reason to say that a job does not exist: it is healed when the job is asked for by its id', async (context) => {
    const api = await startApi(context);
    const [name, id] = [`test-${randomUUID().slice(0, 13)}`, randomUUID()];
    const running = await startJob(context, {}, { name, id });
    await running.called('deploy');
    assert.equal(jobIn(await api.call('GET', `/batch/${id}`)).name, name);
    assert.equal((await api.store.find(id))?.name, name);
    assert.equal((await api.call('GET', `/batch/${randomUUID()}`)).status, 404);
  });

  test('is healed when it has heard nothing of a running job for a minute', async (context) => {
    const later = await startApi(context, { now: () => Date.now() + 60_001 });
    const name = `test-${randomUUID().slice(0, 13)}`;
    const running = await startJob(context, {}, { name, id: randomUUID() });
    await running.observe({ role: 'task', jobUid: 'task-uid', stage: 'running', startTime: 7 });
    const { id, revision } = await running.query();
    await later.store.record(aJob({ id, name }));
    assert.equal(jobIn(await later.call('GET', `/batch/${id}`)).name, name);
    assert.ok(((await later.store.find(id))?.revision ?? 0) >= revision);
  });
});
