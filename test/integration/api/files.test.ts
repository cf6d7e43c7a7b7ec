import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { within } from '../../../promises.ts';
import { startApi, jobIn } from '../../support/api-server.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

describe('the output of a job', () => {
  test('can be had by output_file_url, and by a redirection', async (context) => {
    const api = await startApi(context);
    const name = `test-${randomUUID().slice(0, 13)}`;
    const content = randomBytes(100_000);
    const stored = await api.bucket.write(`${name}-output.zip`, Readable.from([content]));
    const job = aSucceededJob({ name, output: { ...stored, files: 1, complete: true } });
    await api.store.record(job);

    const { output_file_url } = jobIn(await api.call('GET', `/batch/${job.id}`));
    for (const url of [String(output_file_url), `${api.url}/batch/${name}/output`]) {
      const response = await fetch(url);
      assert.match(String(response.headers.get('content-disposition') ?? name), new RegExp(name));
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), content);
    }
    const redirection = await fetch(`${api.url}/batch/${name}/output`, { redirect: 'manual' });
    assert.equal(redirection.status, 302);
    await api.bucket.remove(stored.object);
  });

  test('is missing with a sentence while there is none', async (context) => {
    const api = await startApi(context);
    const job = aJob({ status: 'running' });
    await api.store.record(job);
    const { status, error, msg } = await api.call('GET', `/batch/${job.id}/output`);
    assert.deepEqual([status, error], [404, 'DoesNotExist']);
    assert.match(msg, /no output. Status is: running/);
  });
});

describe('the log of a job', () => {
  test('comes from the bucket after the end', async (context) => {
    const api = await startApi(context);
    const name = `test-${randomUUID().slice(0, 13)}`;
    const logObject = `${name}-log.txt`;
    await api.bucket.write(logObject, Readable.from([Buffer.from('hällo\n')]), { contentType: 'text/plain' });
    const job = aSucceededJob({ name, logObjects: { task: logObject } });
    await api.store.record(job);
    const response = await fetch(`${api.url}/batch/${name}/logs?follow`);
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'text/plain; charset=utf-8']);
    assert.equal(await response.text(), 'hällo\n');
    assert.equal(await (await fetch(`${api.url}/batch/${name}/logs?tail=0`)).text(), '');
    assert.equal((await api.call('GET', `/batch/${name}/logs?container=cleanup`)).status, 404);
    await api.bucket.remove(logObject);
    assert.equal((await api.call('GET', `/batch/${name}/logs`)).error, 'DoesNotExist');
  });

  test('comes from the cluster while the job is there, as it is written, until the client goes away', async (context) => {
    const log = new PassThrough();
    const asked: unknown[] = [];
    const api = await startApi(context, {
      readLog: (job, container, { follow, signal }) => {
        asked.push([job.name, container, follow]);
        signal.addEventListener('abort', () => log.destroy());
        return Promise.resolve(log);
      },
    });
    const job = aJob({ status: 'running' });
    await api.store.record(job);
    const client = new AbortController();
    const url = `${api.url}/batch/${job.id}/logs?follow=true&container=input`;
    const response = await within(10_000, fetch(url, { signal: client.signal }));
    const lines = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    log.write('first\n');
    assert.equal((await lines?.read())?.value, 'first\n');
    log.write('second\n');
    assert.equal((await lines?.read())?.value, 'second\n');
    assert.deepEqual(asked, [[job.name, 'input', true]]);
    client.abort();
    if (!log.closed) await within(10_000, once(log, 'close'));
  });

  test('is missing with a sentence before the container has started', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    assert.match((await api.call('GET', `/batch/${job.id}/logs`)).msg, /has no log of its task container/);
    assert.equal((await api.call('GET', `/batch/${job.id}/logs?container=x`)).error, 'InvalidParameters');
  });
});
