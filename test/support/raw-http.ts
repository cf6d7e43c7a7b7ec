import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { once } from 'node:events';

/** An answer as it came over the line. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends bytes as they are, `later` after the first bytes of an answer, and reads until the server closes the connection. */
export async function exchange(url: string, request: string, later?: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The server may close while a long request is still on its way.
  socket.on('error', () => undefined);
  socket.write(request);
  if (later !== undefined) await once(socket, 'data').then(() => socket.write(later));
  await once(socket, 'close');
  return parse(Buffer.concat(chunks).toString());
}

/** Splits the last answer of a connection into its parts. */
function parse(text: string): RawAnswer {
  const last = text.slice(text.lastIndexOf('HTTP/1.1 '));
  const [head = '', ...rest] = last.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => [line.split(':', 1).join(''), line.slice(line.indexOf(':') + 1)]));
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

/** Asserts that an answer is a refusal in the envelope, whole and as JSON. */
export function assertEnvelope({ status, headers, body }: RawAnswer, expected: number, error: string): void {
  assert.equal(status, expected);
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(headers.get('content-length'), String(Buffer.byteLength(body)));
  const envelope = JSON.parse(body) as Record<string, unknown>;
  assert.deepEqual(Object.keys(envelope), ['data', 'error', 'msg', 'result']);
  assert.deepEqual([envelope['error'], envelope['result'], typeof envelope['msg']], [error, false, 'string']);
}

/** The address of a server that listens. */
export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
