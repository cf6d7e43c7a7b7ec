/** Server-sent events, as the HTML standard writes them. */

/** One event. `data` is a single line, as JSON is. */
export interface ServerSentEvent {
  /** What a client that comes again may begin after; absent where each begins with what is. */
  readonly id?: number;
  readonly event: string;
  readonly data: string;
}

/** An event as it goes over the line. */
export function formatEvent({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}

/** Tells a client how long to wait before it connects again, in milliseconds. */
export function retryLine(retryMs: number): string {
  return `retry: ${retryMs}\n\n`;
}

/** A line that clients leave aside, and that keeps what is between us from closing an idle connection. */
export function commentLine(): string {
  return ':\n\n';
}

/** The number that a `Last-Event-ID` header holds; -1, before every event, when it holds none of ours. */
export function parseLastEventId(header: string): number {
  return /^\d{1,9}$/.test(header) ? Number(header) : -1;
}
