import type { ServerResponse } from 'node:http';

/** So often a listener hears something, so that it can tell silence from an end. */
const HEARTBEAT_MS = 10_000;
/** A listener that is so far behind does not read: it is let go, and comes back. */
const MAX_UNREAD_BYTES = 1_048_576;

/** Tells whoever listens which jobs the mirror shows anew. */
export interface Announcer {
  /** Of one job, by its id. */
  readonly announce: (id: string) => void;
  /** Answers a request for as long as its client stays: a line for each id, and empty ones in between. */
  attach(response: ServerResponse): void;
}

/** @returns one whom nobody hears yet */
export function createAnnouncer(heartbeatMs = HEARTBEAT_MS): Announcer {
  const listeners = new Set<ServerResponse>();
  const say = (line: string) => {
    for (const listener of listeners)
      if (listener.writableLength > MAX_UNREAD_BYTES) listener.destroy();
      else listener.write(`${line}\n`);
  };
  setInterval(() => say(''), heartbeatMs).unref();
  return {
    announce: say,
    attach(response) {
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
      if (response.req.method === 'HEAD') return void response.end();
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      response.write('\n');
    },
  };
}
