import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { assertDocumented } from '../../support/documented.ts';
import { openEvents } from '../../support/event-stream.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { faultsAt } from '../../support/openapi.ts';

const OK = ['paths', '/batch/{id}/events', 'get', 'responses', '200', 'content', 'text/event-stream', 'schema'];

/** An API that knows a job with an output and a log. */
async function withFinishedJob(context: TestContext): Promise<{ api: TestApi; id: string }> {
  const api = await startApi(context);
  const name = `test-${randomUUID().slice(0, 13)}`;
  const stored = await api.bucket.write(`${name}-output.zip`, Readable.from([Buffer.from('zip')]));
  const { object } = await api.bucket.write(`${name}-log.txt`, Readable.from([Buffer.from('log\n')]));
  const output = { ...stored, files: 1, complete: true };
  const job = aSucceededJob({ name, output, logObjects: { task: object } });
  await api.store.record(job);
  return { api, id: job.id };
}

describe('the document tells of an answer that is not in the envelope:', () => {
  test('a log', async (context) => {
    const { api, id } = await withFinishedJob(context);
    const { status, headers, body } = await get(`${api.url}/batch/${id}/logs`);
    assert.deepEqual([status, body], [200, 'log\n']);
    assertDocumented('GET', `/batch/${id}/logs`, { status, headers, body });
  });

  for (const accept of ['text/html', '*/*', 'application/json']) {
    test(`a redirection to the output, for who accepts ${accept}`, async (context) => {
      const { api, id } = await withFinishedJob(context);
      const answer = await get(`${api.url}/batch/${id}/output`, { accept });
      assert.equal(answer.status, 302);
      assertDocumented('GET', `/batch/${id}/output`, answer);
    });
  }

  test('an event of a stream, and the job within it', async (context) => {
    const { api, id } = await withFinishedJob(context);
    const { status, headers, next } = await openEvents(context, `${api.url}/batch/${id}/events`);
    const event = await next();
    assertDocumented('GET', `/batch/${id}/events`, { status, headers, body: event?.fields });
    assert.deepEqual(faultsAt([...OK, 'properties', 'data', 'contentSchema'], event?.data), []);
  });

  test('nothing, for who has seen the last event', async (context) => {
    const { api, id } = await withFinishedJob(context);
    const answer = await get(`${api.url}/batch/${id}/events`, { 'last-event-id': '99' });
    assert.equal(answer.status, 204);
    assertDocumented('GET', `/batch/${id}/events`, answer);
  });

  test('the document itself', async (context) => {
    const api = await startApi(context);
    const { status, headers, body } = await get(`${api.url}/openapi.json`);
    assertDocumented('GET', '/openapi.json', { status, headers, body: JSON.parse(body) });
  });

  test('what is asked for by HEAD, which has the headers of a GET and no body', async (context) => {
    const api = await startApi(context);
    const job = aJob();
    await api.store.record(job);
    for (const path of ['/livez', '/batch/', `/batch/${job.id}`, '/openapi.json', '/docs', '/batch/nobody']) {
      const [head, whole] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(api.url + path, { method })));
      assert.deepEqual([head?.status, await head?.text()], [whole?.status, ''], path);
      for (const name of ['content-type', 'content-length', 'etag'])
        assert.equal(head?.headers.get(name), whole?.headers.get(name), `${path} ${name}`);
      await whole?.body?.cancel();
    }
  });
});

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, body: await response.text() };
}
