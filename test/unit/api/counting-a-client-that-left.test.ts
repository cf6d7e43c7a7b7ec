import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import Koa from 'koa';
import type { Context } from 'koa';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createBodyBudget } from '../../../api/body-budget.ts';
import { readBytes } from '../../../api/body.ts';
import { unavailable } from '../../../api/errors.ts';
import { readForm } from '../../../api/form.ts';
import { measureRequests } from '../../../api/metrics.ts';
import { envelopeErrors, logCutAnswers, logRequests } from '../../../api/middleware.ts';
import { requestAbortSignal } from '../../../api/request-abort-signal.ts';
import { createApiServer } from '../../../api/server.ts';
import { urlOf } from '../../support/raw-http.ts';

const WARN = 40;
const LIMITS = { maxJobBytes: 100, maxInputBytes: 100 };
const POST =
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 90';
const PART = '--x\r\nContent-Disposition: form-data; name="job"\r\n\r\n{';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly status?: number;
}

/** An API with one `handler`, and a connection to it on which a request has begun. */
async function request(context: TestContext, handler: (context: Context) => unknown) {
  const lines: Line[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as Line) });
  const registry = new Registry();
  const app = new Koa();
  app.use(measureRequests(registry)).use(logRequests(logger)).use(envelopeErrors(logger));
  app.use(async (context) => void (await handler(context)));
  app.on('error', logCutAnswers(logger));
  const server = createApiServer(app).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const client = connect(Number(new URL(urlOf(server)).port), '127.0.0.1').on('error', () => undefined);
  client.write(`${POST}\r\n\r\n${PART}`);
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return { client, response, lines, registry };
}

/** What is counted of a request whose client leaves, and the lines that are logged. */
async function leave({ client, response, lines, registry }: Awaited<ReturnType<typeof request>>, isReset = false) {
  if (isReset) client.resetAndDestroy();
  else client.destroy();
  if (!response.destroyed) await once(response, 'close');
  while (!lines.some(({ msg }) => msg === 'request answered')) await delay(5);
  return { counted: /status="(\d+)"/.exec(await registry.metrics())?.[1], lines };
}

async function untilLeft(context: Context): Promise<void> {
  if (!context.res.destroyed) await once(context.res, 'close');
}

const WAYS: Readonly<Record<string, (context: Context) => unknown>> = {
  'in the middle of a body': ({ req }) => readBytes(req, 100),
  'in the middle of a form': ({ req }) =>
    readForm(req, LIMITS, () => Promise.resolve(undefined), createBodyBudget(100)()),
  'during a wait that ends with it': (context) => delay(60_000, undefined, { signal: requestAbortSignal(context) }),
  'while a log is opened': async (context) => {
    await delay(60_000, undefined, { signal: requestAbortSignal(context) }).catch((error: unknown) => {
      throw unavailable('Kubernetes', error);
    });
  },
  'before a good answer': async (context) => {
    await untilLeft(context);
    context.body = 'ok';
  },
};

describe('a client that leaves is no fault of the server', () => {
  for (const [when, handler] of Object.entries(WAYS)) {
    test(when, { timeout: 10_000 }, async (context) => {
      const { counted, lines } = await leave(await request(context, handler));
      assert.equal(counted, '499');
      assert.deepEqual(
        lines.map(({ level, msg, status }) => [level < WARN, msg, status]),
        [[true, 'request answered', 499]],
      );
    });
  }

  for (const isReset of [false, true]) {
    test(`in the middle of a stream${isReset ? ', by a reset' : ''}`, { timeout: 10_000 }, async (context) => {
      const source = new PassThrough();
      const begun = await request(context, streamed(source));
      await once(begun.client, 'data');
      const { counted, lines } = await leave(begun, isReset);
      await closed(source);
      assert.equal(counted, '200');
      assert.deepEqual(
        lines.filter(({ level }) => level >= WARN),
        [],
      );
    });
  }
});

test('a fault of the server is logged and counted, though the client has left meanwhile', async (context) => {
  const fails = async (context: Context) => {
    await untilLeft(context);
    throw new Error('broken');
  };
  const { counted, lines } = await leave(await request(context, fails));
  assert.equal(counted, '500');
  assert.ok(lines.some(({ level, msg }) => level > WARN && msg === 'request failed'));
});

test('a stream that breaks off is logged while its client is there', async (context) => {
  const source = new PassThrough();
  const { client, lines } = await request(context, streamed(source));
  await once(client, 'data');
  source.destroy(new Error('broken'));
  await closed(client);
  assert.ok(lines.some(({ level, msg }) => level === WARN && msg === 'answer was cut short'));
});

/** Answers with a stream that has begun. */
function streamed(source: PassThrough) {
  return (context: Context) => {
    source.write('first');
    context.body = source;
    context.flushHeaders();
  };
}

async function closed(stream: Duplex): Promise<void> {
  if (!stream.closed) await once(stream, 'close');
}
