import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '../../../api/app.ts';
import { createApiServer } from '../../../api/server.ts';
import { startApi } from '../../support/api-server.ts';
import { urlOf } from '../../support/raw-http.ts';

const WINDOW_MS = 300;
const LIMITS = { windowMs: WINDOW_MS, minBytesPerSecond: 100 };
const POST = 'POST /batch/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n';

async function open(context: TestContext): Promise<Socket> {
  const api = await startApi(context);
  const server = createApiServer(createApp(api), {}, LIMITS).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return connect(Number(new URL(urlOf(server)).port), '127.0.0.1').on('error', () => undefined);
}

/** All that the other side says until it closes: by a reset, where it has not read what still comes. */
async function answerOn(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
  await new Promise((closed) => socket.once('close', closed));
  return answer;
}

/** Writes a piece now and then, for as long as the other side listens. */
async function trickle(socket: Socket, piece: string, times: number): Promise<void> {
  for (let i = 0; i < times && socket.writable; i++) {
    socket.write(piece);
    await delay(WINDOW_MS / 6);
  }
}

test(
  'a body that comes byte by byte is not waited for, though it never stops',
  { timeout: 20_000 },
  async (context) => {
    const socket = await open(context);
    socket.write(`${POST}Content-Length: 1000\r\n\r\n{`);
    const startedMs = performance.now();
    const [answer] = await Promise.all([answerOn(socket), trickle(socket, ' ', 200)]);
    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*"error":"RequestError"/);
    assert.ok(performance.now() - startedMs < 10 * WINDOW_MS);
  },
);

test('many requests on one connection leave nothing behind on it', async (context) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  const socket = await open(context);
  const [request, count] = ['GET /livez HTTP/1.1\r\nHost: localhost\r\n', 30];
  socket.write(`${request}\r\n`.repeat(count - 1) + `${request}Connection: close\r\n\r\n`);
  assert.equal((await answerOn(socket)).match(/HTTP\/1\.1 200/g)?.length, count);
  process.off('warning', note);
  assert.deepEqual(warnings, []);
});

test('a body that takes long, but comes, is waited for', { timeout: 20_000 }, async (context) => {
  const socket = await open(context);
  const [piece, times] = [' '.repeat(50), 30];
  socket.write(`${POST}Content-Length: ${piece.length * times + 2}\r\n\r\n`);
  const answer = answerOn(socket);
  await trickle(socket, piece, times);
  socket.write('{}');
  assert.match(await answer, /^HTTP\/1\.1 400 [\s\S]*"error":"InvalidParameters"/);
});

test('a body that nobody has to read any more keeps no connection', { timeout: 20_000 }, async (context) => {
  const socket = await open(context);
  socket.write(
    `${POST.replace('/batch/', '/nowhere').replace('Connection: close\r\n', '')}Content-Length: 1000\r\n\r\n`,
  );
  const [answer] = await Promise.all([answerOn(socket), trickle(socket, ' ', 200)]);
  assert.match(answer, /^HTTP\/1\.1 404 /);
});
