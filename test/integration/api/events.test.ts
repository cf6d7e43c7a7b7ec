import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { createApp } from '../../../api/app.ts';
import { createChangeWaiter } from '../../../store/changes.ts';
import type { Store } from '../../../store/store.ts';
import { jobIn, startApi } from '../../support/api-server.ts';
import { openEvents } from '../../support/event-stream.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';
import { startJob } from '../../support/temporal.ts';

describe('GET /batch/:id/events', () => {
  test('tells the job as it is, each change, and ends with the job', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    const stream = await openEvents(context, `${api.url}/batch/${job.name}/events`);
    const first = await stream.next();
    assert.deepEqual(first?.data, jobIn(await api.call('GET', `/batch/${job.id}`)));
    assert.deepEqual([first.fields['id'], first.fields['event']], ['0', 'job']);
    await api.store.record({ ...job, revision: 1, phase: 'starting' });
    assert.equal((await stream.next())?.data?.phase, 'starting');
    await api.store.record({ ...job, revision: 7, status: 'failed', phase: 'ended' });
    const last = await stream.rest();
    assert.deepEqual([last.length, last[0]?.fields['id'], last[0]?.data?.status], [1, '7', 'failed']);
    assert.deepEqual(
      stream.others.map(({ fields }) => fields),
      [{ retry: '2000' }],
    );
  });

  test('says what a browser and a proxy need to know', async (context) => {
    const api = await startApi(context);
    const job = aSucceededJob();
    await api.store.record(job);
    const { status, headers, rest } = await openEvents(context, `${api.url}/batch/${job.id}/events`);
    const told = ['content-type', 'cache-control', 'x-accel-buffering'].map((name) => headers.get(name));
    assert.deepEqual([status, ...told], [200, 'text/event-stream', 'no-store', 'no']);
    assert.equal((await rest()).length, 1);
  });

  test('goes on after what a client saw last, and says so when there will be nothing more', async (context) => {
    const api = await startApi(context);
    const job = aJob({ revision: 4 });
    await api.store.record(job);
    const url = `${api.url}/batch/${job.id}/events`;
    assert.equal((await (await openEvents(context, url, '3')).next())?.fields['id'], '4');
    assert.equal((await (await openEvents(context, url, 'of another server')).next())?.fields['id'], '4');
    const stream = await openEvents(context, url, '4');
    await delay(200);
    await api.store.record({ ...job, revision: 5, status: 'killed', phase: 'ended' });
    const events = await stream.rest();
    assert.deepEqual(
      events.map(({ fields }) => fields['id']),
      ['5'],
    );
    assert.equal((await openEvents(context, url, '4')).status, 200);
    assert.equal((await openEvents(context, url, '5')).status, 204);
  });

  test('knows no events of a job that does not exist', async (context) => {
    const api = await startApi(context);
    const { status, error } = await api.call('GET', `/batch/${randomUUID()}/events`);
    assert.deepEqual([status, error], [404, 'DoesNotExist']);
  });
});

describe('a silent event stream', () => {
  test('has a heartbeat, which keeps it through the time limit of the server', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    const server = createApp({ ...api, heartbeatMs: 150 }).listen(0, '127.0.0.1');
    server.setTimeout(100);
    await once(server, 'listening');
    context.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/batch/${job.id}/events`;
    const stream = await openEvents(context, url);
    assert.equal((await stream.next())?.fields['id'], '0');
    await delay(600);
    await api.store.record({ ...job, revision: 1, status: 'killed', phase: 'ended' });
    assert.equal((await stream.rest()).length, 1);
    const heartbeats = stream.others.filter(({ fields }) => fields[''] !== undefined).length;
    assert.ok(heartbeats >= 2 && heartbeats <= 6, `${heartbeats} heartbeats`);
  });

  test('heals a mirror that has missed something', { timeout: 60_000 }, async (context) => {
    const api = await startApi(context, { now: () => Date.now() + 60_001, heartbeatMs: 200 });
    const [name, id] = [`test-${randomUUID().slice(0, 13)}`, randomUUID()];
    const running = await startJob(context, {}, { name, id });
    const job = await running.query();
    await api.store.record(job);
    const stream = await openEvents(context, `${api.url}/batch/${id}/events`);
    await stream.next();
    await running.observe({ role: 'task', jobUid: 'task-uid', stage: 'running', startTime: 7 });
    for (let event = await stream.next(); event?.data?.status !== 'running'; event = await stream.next()) {
      assert.ok(event, 'the stream has ended');
    }
  });
});

describe('a client of an event stream', () => {
  test('that leaves is asked for no longer', async (context) => {
    const store = await openStore(context);
    let questions = 0;
    const findMany: Store['findMany'] = (ids) => ((questions += 1), store.findMany(ids));
    const api = await startApi(context, { store, changes: createChangeWaiter({ findMany }, { intervalMs: 20 }) });
    const job = aJob();
    await store.record(job);
    const stream = await openEvents(context, `${api.url}/batch/${job.id}/events`);
    await stream.next();
    // A slow look is followed by a rest.
    while (questions <= 2) await delay(20);
    stream.leave();
    await delay(200);
    const asked = questions;
    await delay(1_200);
    assert.equal(questions, asked);
  });

  test('that reads slowly skips states, and costs no memory', async (context) => {
    const api = await startApi(context);
    const changes = createChangeWaiter(api.store, { intervalMs: 1 });
    let peakBytes = 0;
    const server = createApp({ ...api, changes }).listen(0, '127.0.0.1');
    server.on('request', (_request, response) => {
      const timer = setInterval(() => (peakBytes = Math.max(peakBytes, response.writableLength)), 5);
      response.on('close', () => clearInterval(timer));
    });
    await once(server, 'listening');
    context.after(() => server.close());
    const environment_variables = { LARGE: 'x'.repeat(1_000_000) };
    const job = aJob({ parameters: { docker_image: 'i', environment_variables } });
    await api.store.record(job);
    const port = (server.address() as AddressInfo).port;
    const stream = await openEvents(context, `http://127.0.0.1:${port}/batch/${job.id}/events`);
    for (let revision = 1; revision < 24; revision++) await api.store.record({ ...job, revision });
    await api.store.record({ ...job, revision: 24, status: 'killed', phase: 'ended' });
    const ids = (await stream.rest()).map(({ fields }) => Number(fields['id']));
    assert.equal(ids.at(-1), 24);
    assert.ok(ids.length < 24, `${ids.length} events`);
    assert.ok(peakBytes > 0 && peakBytes < 4_000_000, `${peakBytes} bytes`);
  });
});
