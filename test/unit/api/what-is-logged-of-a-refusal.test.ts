import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import Koa from 'koa';
import { pino } from 'pino';
import { tooManyBodies, unavailable } from '../../../api/errors.ts';
import { envelopeErrors } from '../../../api/middleware.ts';
import { createApiServer } from '../../../api/server.ts';
import { urlOf } from '../../support/raw-http.ts';

/** The lines of a log of a request that ends by `error`. */
async function linesOf(error: Error): Promise<readonly Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const app = new Koa();
  app.use(envelopeErrors(pino({}, { write })));
  app.use(() => Promise.reject(error));
  const server = createApiServer(app).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    await fetch(urlOf(server));
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return lines;
}

test('a refusal by a limit is a warning of one line, without a stack', async () => {
  const [line, ...more] = await linesOf(tooManyBodies());
  const { level, path, status, reason, msg } = line ?? {};
  assert.deepEqual([level, path, status, msg], [40, '/', 503, 'request refused']);
  assert.equal(reason, tooManyBodies().message);
  assert.doesNotMatch(JSON.stringify(line), /stack/);
  assert.deepEqual(more, []);
});

test('what has a cause is an error, with the cause', async () => {
  for (const error of [unavailable('MongoDB', new Error('the cause')), new Error('the cause')]) {
    const [line] = await linesOf(error);
    assert.deepEqual([line?.['level'], line?.['msg']], [50, 'request failed']);
    assert.match(JSON.stringify(line), /the cause/);
  }
});
