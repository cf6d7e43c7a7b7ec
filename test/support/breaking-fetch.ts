/** A `fetch` whose connections break: what is at the other end is real. */
export interface BreakingFetch {
  readonly fetch: (request: Request) => Promise<Response>;
  /** The requests that were made, in their order. */
  readonly requests: readonly Request[];
}

/**
 * Breaks off the answers to the first requests.
 * @param breaksAfter for each request in turn the bytes of its body that still come; -1: it is answered, and the answer gets lost
 */
export function createBreakingFetch(...breaksAfter: readonly number[]): BreakingFetch {
  const requests: Request[] = [];
  return {
    requests,
    fetch: async (request) => {
      const limitBytes = breaksAfter[requests.length];
      requests.push(request);
      const response = await fetch(request);
      if (limitBytes === undefined || response.body === null) return response;
      if (limitBytes < 0) throw await response.text().then(() => new TypeError('fetch failed', { cause: broken() }));
      return new Response(brokenOff(response.body, limitBytes), response);
    },
  };
}

function brokenOff(body: ReadableStream<Uint8Array>, limitBytes: number): ReadableStream<Uint8Array> {
  let left = limitBytes;
  const breaking = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      controller.enqueue(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0) controller.error(broken());
    },
  });
  return body.pipeThrough(breaking);
}

function broken(): Error {
  return Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
}
