import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answerer } from '../support/http-gate.ts';
import type { HttpBlow } from './fault.ts';

/** What each blow answers. */
export const ANSWERERS: Readonly<Record<HttpBlow, Answerer>> = {
  'answering 429': (incoming, outgoing) => refuse(incoming, outgoing, 429, { 'retry-after': '1' }),
  'answering 503': (incoming, outgoing) => refuse(incoming, outgoing, 503),
  'answering 410 to watches': (incoming, outgoing) => isWatch(incoming) && refuse(incoming, outgoing, 410),
  'ending watches by 410': (incoming, outgoing) => isWatch(incoming) && endByEvent(outgoing),
};

/** True for a request of every change of something on the cluster. */
export function isWatch({ url = '' }: Pick<IncomingMessage, 'url'>): boolean {
  return new URL(url, 'http://host').searchParams.get('watch') === 'true';
}

function refuse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  code: number,
  headers: Readonly<Record<string, string>> = {},
): true {
  incoming.resume();
  outgoing.writeHead(code, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(statusOf(code)));
  return true;
}

function endByEvent(outgoing: ServerResponse): true {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(410) })}\n`);
  return true;
}

/** As the API server says it; the bucket's clients look at the code of the answer alone. */
function statusOf(code: number): unknown {
  const reason = code === 410 ? 'Expired' : code === 429 ? 'TooManyRequests' : 'ServiceUnavailable';
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `broken by a test: ${code}` };
}
