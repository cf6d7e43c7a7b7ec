/** The calls of the API as its own document types them. */
import createFetchClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { asUnreachable, NotTheService, refusalOf } from './errors.ts';
import type { paths } from './schema.d.ts';

/** A service, and who calls it. */
export interface Server {
  /** Address of the API, without a path. */
  readonly url: string;
  /** API key or token; absent where nobody is asked. */
  readonly credential?: string;
  /** Default: that of the platform. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** All calls. They reject with `ApiRefusal` for every answer but success, with `ServiceUnreachable` without an answer, and with `NotTheService` for what is no JSON. */
export type Calls = Client<paths>;

/** Calls the API of `server`. */
export function createCalls({ url, credential, fetch }: Server): Calls {
  const calls = createFetchClient<paths>({ baseUrl: url, fetch: keepingRequests(fetch) });
  calls.use({
    onRequest({ request }) {
      if (credential !== undefined) request.headers.set('authorization', `Bearer ${credential}`);
      return request;
    },
    async onResponse({ response, options: { parseAs } }) {
      if (!response.ok) throw await refusalOf(response);
      const contentType = response.headers.get('content-type');
      if (parseAs === 'json' && contentType?.includes('json') !== true) throw new NotTheService(url, contentType);
    },
    onError({ error, request }) {
      const unreachable = asUnreachable(error, url, request.signal);
      return unreachable instanceof Error ? unreachable : new Error(String(unreachable));
    },
  });
  return calls;
}

/** Requests by the bodies of their answers: an entry lasts for as long as its body is read. */
const requests = new WeakMap<ReadableStream, Request>();

/**
 * Calls `fetch`, and keeps the request until its answer has been read. Node.js passes the signal of the caller on through the
 * request, and no more of it once the request has been collected as garbage.
 */
function keepingRequests(
  fetch: (request: Request) => Promise<Response> = globalThis.fetch,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await fetch(request);
    if (response.body !== null) requests.set(response.body, request);
    return response;
  };
}

/** The bytes of an answer as they come. Rejects with `ServiceUnreachable` when it breaks off. */
export async function* bytesOf(response: Response, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } catch (error) {
    throw asUnreachable(error, response.url, signal);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
