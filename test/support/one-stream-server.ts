/** The thread of {@link createOneStreamGcs}: it tells its address, and works until it is ended. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { required } from './environment.ts';

const SERVER_URL = required('GC_API_ENDPOINT');
const sessions = new Map<string, ClientRequest>();

const server = createServer((incoming, outgoing) => {
  const url = new URL(incoming.url ?? '', 'http://host');
  const session = sessions.get(url.searchParams.get('session') ?? '');
  if (session !== undefined) void handOn(session, incoming, outgoing);
  else if (url.searchParams.get('uploadType') === 'resumable') openSession(url, incoming, outgoing);
  else incoming.pipe(forward(incoming, incoming.url ?? '', outgoing));
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

function openSession(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const id = String(sessions.size);
  url.searchParams.set('uploadType', 'media');
  const headers = { 'content-type': String(incoming.headers['x-upload-content-type']) };
  sessions.set(id, request(`${SERVER_URL}${url.pathname}${url.search}`, { method: 'POST', headers }));
  incoming.resume();
  outgoing.setHeader('location', `${url.pathname}?session=${id}`).end();
}

/** A chunk is answered when it is on its way, the last one by what the server says of the whole. It is piped as what goes by in one request is: a loop here took half a second more. */
async function handOn(session: ClientRequest, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const [, last, total] = /-(\d+)\/(\d+|\*)$/.exec(incoming.headers['content-range'] ?? '') ?? [];
  incoming.pipe(session, { end: false });
  await once(incoming, 'end');
  if (total === '*') return void outgoing.writeHead(308, { range: `bytes=0-${last}` }).end();
  session.end();
  const [answer] = (await once(session, 'response')) as [IncomingMessage];
  answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
}

function forward(incoming: IncomingMessage, path: string, outgoing: ServerResponse): ClientRequest {
  const { method } = incoming;
  // By another name the server does not know the addresses that are signed.
  const headers = { ...incoming.headers, host: new URL(SERVER_URL).host };
  return request(`${SERVER_URL}${path}`, { method, headers }, (answer) => {
    answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
  });
}
