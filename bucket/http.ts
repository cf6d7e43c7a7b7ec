import { request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';

/** One HTTP request with its whole body in memory. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent one after the other. */
  readonly body?: readonly Uint8Array[];
  readonly signal?: AbortSignal;
}

/** An answer whose body has been read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The server answered, and refused. */
class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(request: HttpRequest, status: number, body: string) {
    const { pathname } = new URL(request.url);
    super(`${request.method} ${pathname} was answered ${status}: ${body.slice(0, 500).trim()}`);
    this.status = status;
  }
}

/** A connection on which nothing moves for so long is taken for dead: a healthy one answers within seconds. */
const STALL_TIMEOUT_MS = 60_000;

/** Status of a resumable upload that goes on. */
export const RESUME_INCOMPLETE = 308;

/** Sends a request and hands back the answer while its body arrives. Throws {@link HttpError} from 400 on. */
export async function open(request: HttpRequest): Promise<IncomingMessage> {
  const response = await send(request);
  const status = response.statusCode ?? 0;
  if (status < 400) return response;
  throw new HttpError(request, status, await text(response));
}

/** Sends a request and reads the whole answer. Throws {@link HttpError} from 400 on. */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const response = await open(request);
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

async function send(request: HttpRequest): Promise<IncomingMessage> {
  const { method, url, headers = {}, body = [], signal } = request;
  const sizeBytes = body.reduce((sum, part) => sum + part.length, 0);
  const options: RequestOptions = {
    method,
    headers: { ...headers, 'content-length': String(sizeBytes) },
    timeout: STALL_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  };
  const start = await starterFor(url);
  return new Promise((resolve, reject) => {
    const outgoing = start(url, options, resolve);
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(stalled(outgoing)));
    for (const part of body) outgoing.write(part);
    outgoing.end();
  });
}

/** TLS takes 15 ms to load: a pod that talks to an emulator does without. */
async function starterFor(url: string): Promise<typeof requestPlain> {
  return url.startsWith('https:') ? (await import('node:https')).request : requestPlain;
}

/** What a connection that ends before its time is taken for: it may be tried again. */
export function brokenConnection(message: string): Error {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

function stalled(outgoing: ClientRequest): Error {
  return Object.assign(new Error(`${outgoing.host} moved no byte for ${STALL_TIMEOUT_MS} ms`), { code: 'ETIMEDOUT' });
}
