import { once } from 'node:events';
import { createServer, request as requestPlain } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as requestTls } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** Answers a request in the place of the server; returns false when it is to be passed on. */
export type Answerer = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** A way to a real HTTP server on which a test can answer in its place. */
export interface HttpGate {
  readonly port: number;
  /** From now on `answer` is asked first; nobody when it is left out. */
  answerBy(answer?: Answerer): void;
  /** Ends the answers that are still being sent to requests that `isMeant` says, as a server does that goes away. */
  endAnswers(isMeant: (incoming: IncomingMessage) => boolean): void;
  close(): Promise<void>;
}

export interface HttpGateOptions {
  /** Base address of the server. */
  readonly target: string;
  /** Key and certificate that the gate shows; without them it speaks plain HTTP. */
  readonly identity?: { readonly key: Buffer; readonly cert: Buffer };
  /** How the gate makes itself known to the server: the client's own certificate does not come through. */
  readonly client?: RequestOptions;
}

/** Listens on a free port of this machine. */
export async function createHttpGate({ target, identity, client = {} }: HttpGateOptions): Promise<HttpGate> {
  const underWay = new Map<ServerResponse, IncomingMessage>();
  let answer: Answerer | undefined;
  const listener: RequestListener = (incoming, outgoing) => {
    underWay.set(outgoing, incoming);
    outgoing.on('close', () => underWay.delete(outgoing));
    if (answer?.(incoming, outgoing) !== true) pass(new URL(target), client, incoming, outgoing);
  };
  const server = identity === undefined ? createServer(listener) : createTlsServer(identity, listener);
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    answerBy: (by) => {
      answer = by;
    },
    endAnswers: (isMeant) => {
      for (const [outgoing, incoming] of underWay) if (isMeant(incoming)) outgoing.end();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** As long-lived as a real server's connections are. */
async function listen(server: Server): Promise<void> {
  server.requestTimeout = 0;
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function pass(target: URL, client: RequestOptions, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url: path } = incoming;
  const { hostname, port, host } = target;
  const headers = { ...withoutConnection(incoming.headers), host };
  const options = { ...client, hostname, port, method, path, headers, agent: false };
  const onward = (target.protocol === 'https:' ? requestTls : requestPlain)(options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, backThrough(answer.headers, host, incoming.headers.host));
    outgoing.flushHeaders();
    pipeline(answer, outgoing, () => undefined);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  pipeline(incoming, onward, () => undefined);
}

/** A server sends its client on to itself: that has to be by this way, too. */
function backThrough(headers: IncomingHttpHeaders, host: string, ownHost = host): IncomingHttpHeaders {
  const { location, ...others } = withoutConnection(headers);
  return { ...others, ...(location !== undefined && { location: location.replace(host, ownHost) }) };
}

/** It tells of one connection, and there are two. */
function withoutConnection({ connection: _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}
