import type { TestContext } from 'node:test';

/** What came over an event stream: an event, or a block without one, such as a comment. */
interface StreamBlock {
  readonly fields: Readonly<Record<string, string>>;
  /** The event's `data`, parsed; undefined in a block without. */
  readonly data?: { readonly id: string; readonly status: string; readonly phase: string };
}

/** A connection to an event stream. */
export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; undefined at the end of the stream. Other blocks are passed over, and kept in `others`. */
  readonly next: () => Promise<StreamBlock | undefined>;
  /** All events until the end. */
  readonly rest: () => Promise<StreamBlock[]>;
  readonly others: StreamBlock[];
  readonly leave: () => void;
}

/** Connects, as a browser does; `lastEventId` is what it saw last. The connection is cut when the test ends. */
export async function openEvents(context: TestContext, url: string, lastEventId?: string): Promise<EventStream> {
  const request = new AbortController();
  context.after(() => request.abort());
  const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const response = await fetch(url, { headers, signal: request.signal });
  const blocks = blocksOf(response);
  const others: StreamBlock[] = [];
  const next = async (): Promise<StreamBlock | undefined> => {
    for (;;) {
      const { value, done } = await blocks.next();
      if (done || value.data) return value;
      others.push(value);
    }
  };
  const rest = async () => {
    const events: StreamBlock[] = [];
    for (let event = await next(); event; event = await next()) events.push(event);
    return events;
  };
  return { status: response.status, headers: response.headers, next, rest, others, leave: () => request.abort() };
}

/** Holds the response, whose body would be thrown away with it. */
async function* blocksOf(response: Response): AsyncGenerator<StreamBlock, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) yield blockOf(part);
  }
  return undefined;
}

function blockOf(part: string): StreamBlock {
  const pairs = part.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
  });
  const fields = Object.fromEntries(pairs);
  return fields['data'] === undefined ? { fields } : { fields, data: JSON.parse(fields['data']) as never };
}
