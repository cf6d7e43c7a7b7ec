import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { createApp } from '../../../api/app.ts';
import type { ApiDeps } from '../../../api/deps.ts';
import { createApiServer } from '../../../api/server.ts';
import { assertEnvelope, exchange, urlOf } from '../../support/raw-http.ts';

const HOST = 'Host: localhost\r\nConnection: close\r\n';
const POST = `POST /batch/ HTTP/1.1\r\n${HOST}`;
const JSON_TYPE = 'Content-Type: application/json\r\n';
const FORM_TYPE = 'Content-Type: multipart/form-data; boundary=x\r\n';
const BODY = 'Content-Length: 2\r\n\r\n{}';

/** The API without any server behind it, which a request that is refused unread does not need. */
async function startApi(context: TestContext): Promise<string> {
  const settings = { allowedHosts: [], trustedProxies: 0, maxBodyBytes: 100, maxInputBytes: 100 };
  const app = createApp({ settings, logger: pino({ level: 'silent' }) } as unknown as ApiDeps);
  const server = createApiServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return urlOf(server);
}

const REFUSALS: readonly (readonly [what: string, request: string, status: number, error: string])[] = [
  ['a path in capitals', `GET /BATCH/ HTTP/1.1\r\n${HOST}\r\n`, 404, 'DoesNotExist'],
  ['a path in part in capitals', `GET /batch/some-job/Logs HTTP/1.1\r\n${HOST}\r\n`, 404, 'DoesNotExist'],
  ['a path of a probe in capitals', `GET /LIVEZ HTTP/1.1\r\n${HOST}\r\n`, 404, 'DoesNotExist'],
  ['two hosts', `GET /livez HTTP/1.1\r\n${HOST}Host: localhost\r\n\r\n`, 400, 'RequestError'],
  ['two hosts of HTTP/1.0', `GET /livez HTTP/1.0\r\n${HOST}Host: localhost\r\n\r\n`, 400, 'RequestError'],
  ['no body', `${POST}\r\n`, 400, 'InvalidParameters'],
  ['no body of a type', `${POST}${JSON_TYPE}\r\n`, 400, 'InvalidParameters'],
  ['no body, and no type, but a length', `${POST}Content-Length: 0\r\n\r\n`, 400, 'InvalidParameters'],
  ['no form', `${POST}${FORM_TYPE}\r\n`, 400, 'InvalidParameters'],
  ['a body without a type', `${POST}${BODY}`, 415, 'UnsupportedMediaType'],
  ['a compressed body', `${POST}${JSON_TYPE}Content-Encoding: gzip\r\n${BODY}`, 415, 'UnsupportedMediaType'],
  ['a compressed form', `${POST}${FORM_TYPE}Content-Encoding: br\r\n${BODY}`, 415, 'UnsupportedMediaType'],
  ['a body that is as it is', `${POST}${JSON_TYPE}Content-Encoding: Identity\r\n${BODY}`, 400, 'InvalidParameters'],
];

describe('the envelope refuses', () => {
  for (const [what, request, status, error] of REFUSALS)
    test(what, async (context) => assertEnvelope(await exchange(await startApi(context), request), status, error));
});

test('the refusal of a compressed body names the codings that are taken', async (context) => {
  const request = `${POST}${JSON_TYPE}Content-Encoding: gzip\r\n${BODY}`;
  const { headers, body } = await exchange(await startApi(context), request);
  assert.equal(headers.get('accept-encoding'), 'identity');
  assert.match(body, /Content-Encoding/);
});

test('one host is enough', async (context) => {
  const { status } = await exchange(await startApi(context), `GET /livez HTTP/1.1\r\n${HOST}\r\n`);
  assert.equal(status, 200);
});
