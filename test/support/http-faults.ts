import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answerer } from './http-gate.ts';

/** What an overloaded server answers in the place of what was asked for. */
export const BUSY_BLOWS = ['answering 429', 'answering 503'] as const;

/** The two ways in which the Kubernetes API says that a watch cannot go on. */
export const WATCH_BLOWS = ['answering 410 to watches', 'ending watches by 410'] as const;

export type HttpBlow = (typeof BUSY_BLOWS | typeof WATCH_BLOWS)[number];

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
