/** Server-sent events, over a `fetch` that may carry a credential: `EventSource` of browsers cannot. */
import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { bytesOf } from './calls.ts';
import { ServiceUnreachable } from './errors.ts';
import type { PatienceOptions } from './patience.ts';
import { resumed } from './resuming.ts';

/** How such a stream is asked for. */
export const EVENT_STREAM = { headers: { accept: 'text/event-stream' }, parseAs: 'stream' } as const;

/** Opens a stream that goes on behind the event `seen`; it is empty at first. */
export type OpenEvents = (seen: string) => Promise<{ readonly response: Response }>;

/** All events of a stream. It is opened again where it broke off, until who reads it has had enough. */
export async function* followEvents(open: OpenEvents, options: PatienceOptions): AsyncGenerator<EventSourceMessage> {
  let seen = '';
  yield* resumed(options, async function* () {
    for await (const message of eventsIn((await open(seen)).response, options.signal)) {
      seen = message.id ?? seen;
      yield message;
    }
    throw new ServiceUnreachable('the events have ended');
  });
}

async function* eventsIn(response: Response, signal?: AbortSignal): AsyncGenerator<EventSourceMessage> {
  const found: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => void found.push(message) });
  const decoder = new TextDecoder();
  for await (const bytes of bytesOf(response, signal)) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* found.splice(0);
  }
}
