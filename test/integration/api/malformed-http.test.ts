import assert from 'node:assert/strict';
import { once } from 'node:events';
import { METHODS } from 'node:http';
import type { ServerOptions } from 'node:http';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createApp } from '../../../api/app.ts';
import { createApiServer } from '../../../api/server.ts';
import { startApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';
import { assertEnvelope, exchange, urlOf } from '../../support/raw-http.ts';

const CLOSE = 'Host: localhost\r\nConnection: close\r\n';
const POST = `POST /batch/ HTTP/1.1\r\n${CLOSE}Content-Type: application/json\r\n`;

const REFUSALS: readonly (readonly [what: string, request: string, status: number, error: string])[] = [
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'RequestError'],
  ['another version', 'GET / HTTP/9.9\r\n\r\n', 400, 'RequestError'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'RequestError'],
  ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'RequestError'],
  ['a header without a name', `GET /livez HTTP/1.1\r\n${CLOSE}: x\r\n\r\n`, 400, 'RequestError'],
  ['a NUL in a header', `GET /livez HTTP/1.1\r\n${CLOSE}X: \0\r\n\r\n`, 400, 'RequestError'],
  ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{`, 400, 'RequestError'],
  [
    'a length and chunks',
    `${POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'RequestError',
  ],
  ['a chunk without a size', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400, 'RequestError'],
  ['headers without an end', `GET /livez HTTP/1.1\r\n${CLOSE}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'RequestError'],
  ['an expectation', `GET /livez HTTP/1.1\r\n${CLOSE}Expect: a-miracle\r\n\r\n`, 417, 'RequestError'],
  ['a tunnel', `CONNECT example.com:443 HTTP/1.1\r\n${CLOSE}\r\n`, 405, 'MethodNotAllowed'],
  ['a method that nobody knows', `BREW /batch/ HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'RequestError'],
  ['an address that is none', `GET http://[ HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'RequestError'],
  ['the address *', `GET * HTTP/1.1\r\n${CLOSE}\r\n`, 404, 'DoesNotExist'],
  ['a broken escape in a path', `GET /batch/%zz HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'InvalidParameters'],
  ['a broken escape in a longer path', `GET /batch/%ff%/logs HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'InvalidParameters'],
  ['a NUL in a path', `GET /batch/%00 HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'InvalidParameters'],
  ['a broken escape in a query', `GET /batch/?limit=%zz HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'InvalidParameters'],
  ['a NUL in a query', `GET /batch/?name_prefix=%00 HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'InvalidParameters'],
  [
    'a huge number in a query',
    `GET /batch/?limit=${'9'.repeat(400)} HTTP/1.1\r\n${CLOSE}\r\n`,
    400,
    'InvalidParameters',
  ],
];

describe('the envelope answers', () => {
  for (const [what, request, status, error] of REFUSALS) {
    test(what, async (context) => {
      const api = await startApi(context);
      assertEnvelope(await exchange(api.url, request), status, error);
    });
  }

  test('a second request that is malformed, after the first was answered', async (context) => {
    const api = await startApi(context);
    assertEnvelope(
      await exchange(api.url, `GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nhello\r\n\r\n`),
      400,
      'RequestError',
    );
  });

  test('headers that do not come in time', async (context) => {
    const url = await startServer(context, { headersTimeout: 50, connectionsCheckingInterval: 20 });
    assertEnvelope(await exchange(url, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n'), 408, 'RequestError');
  });

  test('a body that does not come in time', async (context) => {
    const url = await startServer(context, {}, 100);
    assertEnvelope(await exchange(url, `${POST}Content-Length: 9\r\n\r\n{`), 408, 'RequestError');
  });
});

describe('a method that an address does not take', () => {
  for (const method of METHODS.filter((method) => !['GET', 'HEAD', 'OPTIONS', 'DELETE', 'CONNECT'].includes(method))) {
    test(`is refused with those that it takes: ${method}`, async (context) => {
      const api = await startApi(context);
      for (const [path, methods] of [
        ['/batch/some-job', 'DELETE, GET, HEAD'],
        ['/livez', 'GET, HEAD'],
        ['/openapi.json', 'GET, HEAD'],
        ['/docs', 'GET, HEAD'],
      ] as const) {
        const answer = await exchange(api.url, `${method} ${path} HTTP/1.1\r\n${CLOSE}Content-Length: 0\r\n\r\n`);
        assertEnvelope(answer, 405, 'MethodNotAllowed');
        assert.equal(answer.headers.get('allow')?.split(', ').sort().join(', '), methods, path);
      }
    });
  }

  test('is asked for by OPTIONS', async (context) => {
    const api = await startApi(context);
    const response = await fetch(`${api.url}/batch/`, { method: 'OPTIONS' });
    assert.deepEqual([response.status, await response.text()], [200, '']);
    assert.deepEqual(response.headers.get('allow')?.split(', ').sort(), ['GET', 'HEAD', 'POST']);
    const nowhere = await api.call('OPTIONS', '/nowhere');
    assert.deepEqual([nowhere.status, nowhere.error], [404, 'DoesNotExist']);
  });
});

test('an answer that is under way is cut off, not mixed with a refusal, when its request turns out to be malformed', async (context) => {
  const api = await startApi(context);
  const job = aJob({ status: 'running' });
  await api.store.record(job);
  const request = `GET /batch/${job.id}/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const { status, headers, body } = await exchange(api.url, request, 'zz\r\n');
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream']);
  assert.doesNotMatch(body, /RequestError/);
});

/** The same app on a server of its own. */
async function startServer(context: TestContext, options: ServerOptions, idleMs = 0): Promise<string> {
  const api = await startApi(context);
  const server = createApiServer(createApp(api), { requestTimeout: 0, ...options });
  server.setTimeout(idleMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return urlOf(server);
}
