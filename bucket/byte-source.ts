import type { IncomingMessage } from 'node:http';
import type { Access } from './access.ts';
import { ObjectMissingError } from './errors.ts';
import { statusOf } from './faults.ts';
import { brokenConnection, open } from './http.ts';
import { createPatience } from './patience.ts';

/** Where the bytes of an object come from. */
export interface ByteSource extends Pick<Access, 'patienceMs' | 'authorization'> {
  readonly object: string;
  readonly url: string;
}

/** Which bytes of an object: from `start` up to, and not with, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** True when the object should end there: what it has beyond is sent as well, so that it is seen. */
  readonly isToTheEnd?: boolean;
}

/**
 * The bytes of a span, over as many connections as it takes: after a transient fault it goes on where it stopped, and an early end is a
 * broken connection. Fails with {@link ObjectMissingError}.
 */
export async function* spanChunks(source: ByteSource, span: Span, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const patience = createPatience({ limitMs: source.patienceMs, signal });
  let isOurs = true; // false while the reader holds a chunk: what it throws then is not a fault of the network
  for (let offset = span.start; offset < span.end;) {
    try {
      for await (const chunk of (await openAt(source, offset, span, signal)) as AsyncIterable<Buffer>) {
        patience.reset();
        offset += chunk.length;
        if (span.isToTheEnd !== true && offset > span.end) throw new Error(`the server sent more of ${source.object}`);
        isOurs = false;
        yield chunk;
        isOurs = true;
      }
      if (offset < span.end) throw brokenConnection('the connection ended early');
    } catch (error) {
      if (statusOf(error) === 404) throw new ObjectMissingError(source.object, { cause: error });
      if (!isOurs) throw error;
      await patience.afterFailure(error);
    }
  }
}

async function openAt(
  source: ByteSource,
  offset: number,
  span: Span,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const range = rangeFrom(offset, span);
  const response = await open({
    method: 'GET',
    url: source.url,
    headers: { ...(await source.authorization()), ...(range !== undefined && { range }) },
    ...(signal === undefined ? {} : { signal }),
  });
  if (range === undefined || response.statusCode === 206) return response;
  response.destroy();
  throw new Error(`the server sent ${source.object} whole instead of its ${range}`);
}

function rangeFrom(offset: number, { end, isToTheEnd }: Span): string | undefined {
  if (isToTheEnd !== true) return `bytes=${offset}-${end - 1}`;
  return offset === 0 ? undefined : `bytes=${offset}-`;
}
