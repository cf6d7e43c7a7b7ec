import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Job } from '../../../workflows/contract.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

describe('the mirror', () => {
  test('finds a job by its id and by its name, and nothing by anything else', async (context) => {
    const store = await openStore(context);
    const job = aJob();
    await store.record(job);
    assert.deepEqual(await store.find(job.id), job);
    assert.deepEqual(await store.find(job.name), job);
    assert.equal(await store.find('other'), undefined);
  });

  test('takes an id before a name that looks like it', async (context) => {
    const store = await openStore(context);
    const job = aJob();
    await store.record(aJob({ name: job.id }));
    await store.record(job);
    assert.equal((await store.find(job.id))?.name, job.name);
  });

  test('finds a job by its name whose first mirrored state is a later one', async (context) => {
    const store = await openStore(context);
    const job = aJob({ revision: 4 });
    await store.record(job);
    assert.deepEqual(await store.find(job.name), job);
  });

  test('lists the wanted statuses, newest first, as many as asked for', async (context) => {
    const store = await openStore(context);
    const rows: Partial<Job>[] = [
      { name: 'a', created: 1, status: 'running' },
      { name: 'b', created: 3, status: 'failed' },
      { name: 'c', created: 2, status: 'running' },
      { name: 'd', created: 4, status: 'created' },
    ];
    for (const row of rows) await store.record(aJob(row));
    const names = async (statuses: Parameters<typeof store.list>[0]['statuses'], limit = 10) =>
      (await store.list({ statuses, limit })).map(({ name }) => name);
    assert.deepEqual(await names(['running']), ['c', 'a']);
    assert.deepEqual(await names(['running', 'failed']), ['b', 'c', 'a']);
    assert.deepEqual(await names('all', 3), ['d', 'b', 'c']);
    assert.deepEqual(await names(['killed']), []);
  });

  test('knows when it last heard of a job', async (context) => {
    const store = await openStore(context);
    const job = aJob();
    const startMs = Date.now();
    await store.record(job);
    const first = (await store.findMirrored(job.name))?.recordedMs ?? 0;
    assert.ok(first >= startMs && first <= Date.now());
    while (Date.now() === first);
    await store.record({ ...job, revision: job.revision - 1 });
    assert.equal((await store.findMirrored(job.name))?.recordedMs, first);
    await store.record(job);
    assert.ok(((await store.findMirrored(job.name))?.recordedMs ?? 0) > first);
  });
});
