import type { Readable } from 'node:stream';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { isGone } from './errors.ts';
import type { OpenStream } from './stream.ts';
import { pause } from './time.ts';

/** The API server sends a bookmark about once a minute; a stream that is silent for longer is dead, whatever TCP says. */
const SILENCE_LIMIT_MS = 90_000;

/** The API server ends the watch itself after this time, which is ordinary; the next one goes on where it stopped. */
const WATCH_DURATION_SECONDS = 1800;

const PAGE_SIZE = 500;
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 15_000;

/** A Kubernetes object as a list or a watch delivers it: plain JSON, times as text. */
export interface WatchedObject {
  readonly metadata?: V1ObjectMeta;
}

/** Gets every object once after each list, then every change. Handlers must not throw. */
export interface WatchHandler<T> {
  /** Called after each list: everything that exists; what is not in it exists no more. */
  replace(objects: readonly T[]): void;
  upsert(object: T): void;
  remove(object: T): void;
}

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T & { readonly code?: number; readonly message?: string };
}

interface ListPage<T> {
  readonly items: readonly T[];
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string };
}

/** The watch cannot go on from where it is: everything has to be listed again. */
class RelistError extends Error {
  override readonly name = 'RelistError';
}

/**
 * Keeps `handler` up to date with the objects at `path` until `signal` aborts. It survives closed and silent streams, 410 in both
 * its forms and an API server that is away; after any doubt it lists everything again.
 */
export async function watchForever<T extends WatchedObject>(
  openStream: OpenStream,
  path: string,
  labelSelector: string,
  handler: WatchHandler<T>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let backoffMs = FIRST_BACKOFF_MS;
  while (!signal.aborted) {
    try {
      const version = await list(openStream, path, labelSelector, handler, signal);
      backoffMs = FIRST_BACKOFF_MS;
      await follow(openStream, path, labelSelector, version, handler, signal);
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ path, reason: String(error) }, 'watch interrupted, listing again');
      await pause(jittered(error instanceof RelistError || isGone(error) ? FIRST_BACKOFF_MS : backoffMs), signal);
      backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
    }
  }
}

async function list<T extends WatchedObject>(
  openStream: OpenStream,
  path: string,
  labelSelector: string,
  handler: WatchHandler<T>,
  signal: AbortSignal,
): Promise<string> {
  const objects: T[] = [];
  let token = '';
  for (;;) {
    const query = { labelSelector, limit: String(PAGE_SIZE), ...(token && { continue: token }) };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SILENCE_LIMIT_MS)]);
    const page = JSON.parse(await textOf(await openStream(path, query, limit))) as ListPage<T>;
    objects.push(...page.items);
    token = page.metadata.continue ?? '';
    if (token) continue;
    handler.replace(objects);
    return page.metadata.resourceVersion ?? '';
  }
}

/** Watches from `version` on, one stream after another; ends only by throwing. */
async function follow<T extends WatchedObject>(
  openStream: OpenStream,
  path: string,
  labelSelector: string,
  version: string,
  handler: WatchHandler<T>,
  signal: AbortSignal,
): Promise<never> {
  let resourceVersion = version;
  for (;;) {
    const startedMs = Date.now();
    for await (const event of events<T>(openStream, path, { labelSelector, resourceVersion }, signal)) {
      dispatch(event, handler);
      resourceVersion = event.object.metadata?.resourceVersion ?? resourceVersion;
    }
    // A server that closes each stream at once must not be asked in a tight loop.
    if (Date.now() - startedMs < FIRST_BACKOFF_MS) await pause(jittered(FIRST_BACKOFF_MS), signal);
    signal.throwIfAborted();
  }
}

async function* events<T>(
  openStream: OpenStream,
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>> {
  const silence = new AbortController();
  const abort = () => silence.abort(new RelistError(`no byte for ${SILENCE_LIMIT_MS} ms`));
  const timer = setTimeout(abort, SILENCE_LIMIT_MS);
  try {
    const watch = {
      ...query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_DURATION_SECONDS),
    };
    const stream = await openStream(path, watch, AbortSignal.any([signal, silence.signal]));
    for await (const line of linesOf(stream, () => timer.refresh())) yield JSON.parse(line) as WatchEvent<T>;
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function dispatch<T>(event: WatchEvent<T>, handler: WatchHandler<T>): void {
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
      return handler.upsert(event.object);
    case 'DELETED':
      return handler.remove(event.object);
    case 'BOOKMARK':
      return;
    case 'ERROR':
      throw new RelistError(`the API server ended the watch: ${event.object.code} ${event.object.message}`);
  }
}

async function* linesOf(stream: Readable, onBytes: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    onBytes();
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}

async function textOf(stream: Readable): Promise<string> {
  const chunks = await stream.toArray();
  return Buffer.concat(chunks as Uint8Array[]).toString('utf8');
}

/** So that many watchers do not come back at one moment. */
function jittered(delayMs: number): number {
  return delayMs * (0.5 + Math.random());
}
