import type { Readable } from 'node:stream';
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { isBadRequest } from './errors.ts';
import type { OpenStream } from './stream.ts';

/** A page is there as objects until all of it is kept. */
const PAGE_SIZE = 200;

/** A Kubernetes object as a list or a watch delivers it: plain JSON, times as text. */
export interface WatchedObject {
  readonly metadata?: V1ObjectMeta;
}

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T & { readonly code?: number; readonly message?: string };
}

/** Everything that exists at one moment. */
export interface Listing<T> {
  readonly objects: readonly T[];
  /** A watch from here on misses nothing. */
  readonly resourceVersion: string;
}

interface ListPage<T> {
  /** `null` where metadata alone is asked for, and there is none. */
  readonly items: readonly T[] | null;
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string };
}

/** The API server ended a watch by an event of type ERROR. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly code: number | undefined;

  constructor(code: number | undefined, message: string | undefined) {
    super(`the API server ended the watch: ${code} ${message}`);
    this.code = code;
  }
}

/** A stream has been silent for longer than a living one is. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  constructor(silenceMs: number) {
    super(`no byte for ${silenceMs} ms`);
  }
}

/** What is listed or watched, and how. */
export interface Source {
  readonly openStream: OpenStream;
  readonly path: string;
  readonly labelSelector: string;
  /** A stream that is silent for longer is dead, whatever TCP says. */
  readonly silenceMs: number;
  /** The API server ends a watch itself after this time. */
  readonly durationSeconds: number;
}

/** Lists page by page, and keeps what `keep` makes of each object. */
export async function listAll<T, Kept = T>(
  source: Omit<Source, 'durationSeconds'>,
  signal: AbortSignal,
  keep: (object: T) => Kept,
): Promise<Listing<Kept>> {
  const { openStream, path, labelSelector, silenceMs } = source;
  const objects: Kept[] = [];
  for (let token = ''; ;) {
    const query = { labelSelector, limit: String(PAGE_SIZE), ...(token && { continue: token }) };
    const limit = AbortSignal.any([signal, AbortSignal.timeout(silenceMs)]);
    const page = JSON.parse(await textOf(await openStream(path, query, limit))) as ListPage<T>;
    objects.push(...(page.items ?? []).map(keep));
    token = page.metadata.continue ?? '';
    if (!token) return { objects, resourceVersion: page.metadata.resourceVersion ?? '' };
  }
}

/** Who wants to know that a stream lives. */
export interface StreamListener {
  readonly onOpen: () => void;
  readonly onBytes: () => void;
  /** Called once for each `onOpen`. */
  readonly onClose: () => void;
}

/** Asks a watch for all that exists first, which spares a list. Servers before Kubernetes 1.32 refuse it. */
const WITH_ALL_BEFORE = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' };

/** Comes when all that existed has come. */
export const LISTED = 'LISTED';

/**
 * What exists, as events of type ADDED; then {@link LISTED}, and then what changes, until the server closes the stream.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists
 * @throws SilenceError, WatchError, and what `openStream` throws
 */
export async function* listAndWatch<T extends WatchedObject>(
  source: Source,
  listener: StreamListener,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T> | typeof LISTED> {
  try {
    for await (const event of watchFrom<T>(source, WITH_ALL_BEFORE, listener, signal))
      yield isEndOfList(event) ? LISTED : event;
  } catch (error) {
    if (!isBadRequest(error)) throw error;
    const { objects, resourceVersion } = await listAll<T>(source, signal, (object) => object);
    for (const object of objects) yield { type: 'ADDED', object };
    yield LISTED;
    yield* watchOnce<T>(source, resourceVersion, listener, signal);
  }
}

function isEndOfList({ type, object }: WatchEvent<WatchedObject>): boolean {
  return type === 'BOOKMARK' && object.metadata?.annotations?.['k8s.io/initial-events-end'] === 'true';
}

/**
 * The events of one stream from `resourceVersion` on, until the server closes it.
 * @throws SilenceError, WatchError, and what `openStream` throws
 */
export function watchOnce<T>(
  source: Source,
  resourceVersion: string,
  listener: StreamListener,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>> {
  return watchFrom(source, { resourceVersion }, listener, signal);
}

async function* watchFrom<T>(
  { openStream, path, labelSelector, silenceMs, durationSeconds }: Source,
  from: Readonly<Record<string, string>>,
  { onOpen, onBytes, onClose }: StreamListener,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new SilenceError(silenceMs)), silenceMs);
  let close = () => {};
  try {
    const how = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(durationSeconds) };
    const query = { labelSelector, ...from, ...how };
    const stream = await openStream(path, query, AbortSignal.any([signal, silence.signal]));
    onOpen();
    close = onClose;
    for await (const line of linesOf(stream, () => (timer.refresh(), onBytes()))) yield eventOf<T>(line);
  } finally {
    close();
    clearTimeout(timer);
    silence.abort();
  }
}

function eventOf<T>(line: string): WatchEvent<T> {
  const event = JSON.parse(line) as WatchEvent<T>;
  if (event.type === 'ERROR') throw new WatchError(event.object.code, event.object.message);
  return event;
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
