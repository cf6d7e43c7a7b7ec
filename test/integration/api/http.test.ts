import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';

const JOB = { job_parameters: { docker_image: 'python' } };

describe('every refusal', () => {
  test('names the methods that an address takes', async (context) => {
    const api = await startApi(context);
    const answer = await api.call('PUT', '/batch/');
    assert.deepEqual([answer.status, answer.error], [405, 'MethodNotAllowed']);
    assert.deepEqual(answer.headers.get('allow')?.split(', ').sort(), ['GET', 'HEAD', 'POST']);
  });

  test('says that there is nothing at another address', async (context) => {
    const api = await startApi(context);
    for (const path of ['/', '/batches', '/batch/a/b/c', '/%ff']) {
      const { status, error } = await api.call('GET', path);
      assert.deepEqual([path, status, error], [path, 404, 'DoesNotExist']);
    }
  });

  test('names the media types that a POST takes', async (context) => {
    const api = await startApi(context);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const answer = await api.call('POST', '/batch/', JSON.stringify(JOB), { 'content-type': type });
      assert.deepEqual([answer.status, answer.error], [415, 'UnsupportedMediaType']);
      assert.match(answer.msg, /application\/json or multipart\/form-data/);
    }
  });

  test('comes for a body that is too large, whether or not its size is said', async (context) => {
    const api = await startApi(context);
    const large = JSON.stringify({ name: 'x'.repeat(1024 ** 2) });
    assert.equal((await api.call('POST', '/batch/', large)).error, 'PayloadTooLarge');
    const stream = new Blob([large]).stream();
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${api.url}/batch/`, { method: 'POST', body: stream, headers, duplex: 'half' });
    assert.equal(response.status, 413);
  });

  for (const body of ['{', '', '[]', 'null', '"x"']) {
    test(`comes for the body ${JSON.stringify(body)}`, async (context) => {
      const api = await startApi(context);
      const { status, error } = await api.call('POST', '/batch/', body);
      assert.deepEqual([status, error], [400, 'InvalidParameters']);
    });
  }

  test('comes for what a page of another site makes a browser send', async (context) => {
    const api = await startApi(context);
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      const answer = await api.call('POST', '/batch/', JOB, headers);
      assert.deepEqual([answer.status, answer.error], [403, 'Forbidden']);
    }
    assert.deepEqual((await api.call('GET', '/batch/?status=all')).data, []);
  });

  test('keeps internal messages to itself', async (context) => {
    const readLog = () => Promise.reject(new Error('password is hunter2'));
    const api = await startApi(context, { readLog });
    const job = aJob({ status: 'running' });
    await api.store.record(job);
    const response = await fetch(`${api.url}/batch/${job.id}/logs`);
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.ok(text.includes('InternalError') && !text.includes('hunter2'));
  });
});

test('a connection may rest for a minute between two requests', async (context) => {
  const api = await startApi(context);
  const answer = await api.call('GET', '/batch/?status=all');
  assert.equal(answer.headers.get('keep-alive'), 'timeout=65');
});
