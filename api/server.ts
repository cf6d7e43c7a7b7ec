/** The HTTP server around the app: what Node refuses by itself gets the envelope too. */
import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { refusal } from './envelope.ts';
import { bare } from './middleware.ts';
import { SLOW_BODY_LIMITS, watchBody } from './slow-bodies.ts';
import type { SlowBodyLimits } from './slow-bodies.ts';

/** The answer that a connection has, or had last. */
type LastAnswers = WeakMap<Duplex, ServerResponse>;

/** Longer than the minute for which proxies keep a connection: who closes first must not be us, or a request is lost on the way. */
const KEEP_ALIVE_MS = 65_000;
/** Headers fit into a few packets. */
const HEADERS_TIMEOUT_MS = 20_000;
/** How often Node looks for headers that have not come. */
const CHECK_INTERVAL_MS = 5_000;

const DEFAULTS: ServerOptions = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
};

/** A server that is not listening yet. `options` are Node's. Koa is given only what it can read: its own refusals are plain text. */
export function createApiServer(
  app: Koa,
  options: ServerOptions = {},
  slowBodies: SlowBodyLimits = SLOW_BODY_LIMITS,
): Server {
  const server = createServer({ ...DEFAULTS, ...options, requireHostHeader: false });
  const answers: LastAnswers = new WeakMap();
  const handle = app.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answers.set(request.socket, response);
    watchBody(request, slowBodies, () => {
      refuseSlow(request.socket, response);
    });
    if (isReadable(request)) void handle(request, response);
    else answer(response, 400);
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    answer(response, 417);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuse(socket, statusOf(error), answers.get(socket));
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, 405, undefined);
  });
  // A request that is not sent whole gets an answer; an idle connection is closed.
  server.on('timeout', (socket: Socket) => {
    const last = answers.get(socket);
    if (last !== undefined && isAwaited(last)) socket.setTimeout(socket.timeout ?? 0);
    else if (last !== undefined && !last.req.complete) refuse(socket, 408, last);
    else socket.destroy();
  });
  return server;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Status of what the parser did not understand. */
function statusOf({ code }: NodeJS.ErrnoException): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/** True when a request says once to whom it goes, as HTTP/1.1 asks (RFC 9112, 3.2), and its address can be taken apart. */
function isReadable({ httpVersion, headersDistinct, url = '' }: IncomingMessage): boolean {
  const hosts = headersDistinct['host']?.length ?? 0;
  const isHostKnown = hosts === 1 || (hosts === 0 && httpVersion !== '1.1');
  return isHostKnown && (url.startsWith('/') || url === '*' || URL.canParse(url));
}

/** True while the server owes an answer: what it has to read has come, and nothing that it wrote is still on its way. */
function isAwaited({ req, writableEnded, writableLength }: ServerResponse): boolean {
  const isReceived = req.complete || req.readableLength > 0;
  return isReceived && !writableEnded && writableLength === 0;
}

function answer(response: ServerResponse, status: number): void {
  const body = bodyOf(status);
  const headers = { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  response.writeHead(status, headers).end(body);
}

/** Writes a refusal past the parser, unless an answer is under way, and closes the connection. */
function refuse(socket: Duplex, status: number, last: ServerResponse | undefined): void {
  const isBusy = last !== undefined && last.headersSent && !last.writableFinished;
  if (!socket.writable || isBusy) return void socket.destroy();
  const body = bodyOf(status);
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // No method is taken at the address of another host.
  if (status === 405) headers.push('Allow: ');
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`, () => {
    socket.destroy();
  });
}

/** Who is answered already learns nothing more. */
function refuseSlow(socket: Socket, response: ServerResponse): void {
  if (response.headersSent) socket.destroy();
  else refuse(socket, 408, response);
}

function bodyOf(status: number): string {
  const { error, message, data } = bare(status);
  return JSON.stringify(refusal(error, message, data));
}
