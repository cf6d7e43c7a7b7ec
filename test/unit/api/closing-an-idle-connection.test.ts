import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readBytes } from '../../../api/body.ts';
import Koa from 'koa';
import type { Context } from 'koa';
import { createApiServer } from '../../../api/server.ts';
import { exchange, urlOf } from '../../support/raw-http.ts';

const IDLE_MS = 300;
const LONG_MS = 3.5 * IDLE_MS;
const HEAD = 'Host: localhost\r\nConnection: close\r\n';

/** A server that closes a connection on which nothing moves for {@link IDLE_MS}, with one `handler`. */
async function start(context: TestContext, handler: (context: Context) => Promise<void>): Promise<string> {
  const app = new Koa();
  app.use(handler);
  const server = createApiServer(app);
  server.setTimeout(IDLE_MS);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return urlOf(server);
}

for (const method of ['POST', 'DELETE']) {
  test(`a ${method} whose answer takes longer is answered`, async (context) => {
    const url = await start(context, async (context) => {
      await delay(LONG_MS);
      context.body = 'done';
    });
    const { status, body } = await exchange(url, `${method} / HTTP/1.1\r\n${HEAD}Content-Length: 2\r\n\r\n{}`);
    assert.deepEqual([status, body], [200, 'done']);
  });
}

test('a body that waits here to be read is no silence of its client', async (context) => {
  const size = 10 * 1024 ** 2;
  const url = await start(context, async (context) => {
    await delay(LONG_MS);
    context.body = String((await readBytes(context.req, size)).length);
  });
  const request = `POST / HTTP/1.1\r\n${HEAD}Content-Length: ${size}\r\n\r\n${'x'.repeat(size)}`;
  const { status, body } = await exchange(url, request);
  assert.deepEqual([status, body], [200, String(size)]);
});

test('a client that does not read its answer is let go', { timeout: 10_000 }, async (context) => {
  const closed = Promise.withResolvers<boolean>();
  const url = await start(context, ({ res }) => {
    res.once('close', () => {
      closed.resolve(res.writableFinished);
    });
    res.end(Buffer.alloc(64 * 1024 ** 2));
    return Promise.resolve();
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  context.after(() => socket.destroy());
  socket.write(`GET / HTTP/1.1\r\n${HEAD}\r\n`);
  assert.equal(await closed.promise, false);
});

test('a connection without a request is closed', { timeout: 10_000 }, async (context) => {
  const socket = connect(Number(new URL(await start(context, () => Promise.resolve())).port), '127.0.0.1');
  await once(socket.resume(), 'close');
});
