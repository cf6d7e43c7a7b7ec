/** The calls of the API as its own document types them. */
import createFetchClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { asUnreachable, refusalOf } from './errors.ts';
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

/** All calls. They reject with `ApiRefusal` for every answer but success, and with `ServiceUnreachable` without an answer. */
export type Calls = Client<paths>;

/** Calls the API of `server`. */
export function createCalls({ url, credential, fetch }: Server): Calls {
  const calls = createFetchClient<paths>({ baseUrl: url, ...(fetch && { fetch }) });
  calls.use({
    onRequest({ request }) {
      if (credential !== undefined) request.headers.set('authorization', `Bearer ${credential}`);
      return request;
    },
    async onResponse({ response }) {
      if (!response.ok) throw await refusalOf(response);
    },
    onError({ error, request }) {
      const unreachable = asUnreachable(error, url, request.signal);
      return unreachable instanceof Error ? unreachable : new Error(String(unreachable));
    },
  });
  return calls;
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
