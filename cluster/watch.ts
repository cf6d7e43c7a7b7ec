import type { Logger } from 'pino';
import { isGone, isRefused } from './errors.ts';
import { pack, unpack } from './packed.ts';
import type { Packed } from './packed.ts';
import type { OpenStream } from './stream.ts';
import { pause } from './time.ts';
import { listAll, SilenceError, WatchError, watchOnce } from './watch-stream.ts';
import type { Source, WatchedObject, WatchEvent } from './watch-stream.ts';

/** How patient a watch is. */
export interface WatchLimits {
  /** The API server sends a bookmark about once a minute; a stream that is silent for longer is dead, whatever TCP says. */
  readonly silenceMs: number;
  /** The API server ends the watch itself after this time, which is ordinary; the next one goes on where it stopped. */
  readonly durationSeconds: number;
  /** Everything is listed anew within this time, so that an event that was lost is made up for. */
  readonly listedForMs: number;
  /** Wait before the next stream after one that lived long. Each shorter one doubles it. */
  readonly firstBackoffMs: number;
  readonly lastBackoffMs: number;
  /** A stream that lived for so long lived long. */
  readonly steadyMs: number;
}

export const WATCH_LIMITS: WatchLimits = {
  silenceMs: 90_000,
  durationSeconds: 1800,
  listedForMs: 1_800_000,
  firstBackoffMs: 250,
  lastBackoffMs: 15_000,
  steadyMs: 10_000,
};

/** Gets every object once after each list, then every change. Handlers must not throw. */
export interface WatchHandler<T> {
  /** Called after each list: everything that exists, each made when it is asked for; what is not in it exists no more. */
  replace(objects: Iterable<T>): void;
  upsert(object: T): void;
  remove(object: T): void;
}

/** Why everything has to be listed again: 410 in either form, no byte, a refusal by the API server, or a connection that broke. */
export type Interruption = 'gone' | 'silent' | 'refused' | 'lost';

/** Is told what becomes of the streams. None of these may throw. */
export interface WatchMonitor {
  /** A stream goes on from what was listed. */
  onOpen(): void;
  onBytes(): void;
  /** Once for each `onOpen`, whatever the cause. */
  onClose(): void;
  /** What is known is not what is, until the next `onOpen`. */
  onInterrupted(reason: Interruption): void;
}

export interface WatchOptions<T> {
  readonly openStream: OpenStream;
  readonly path: string;
  readonly labelSelector: string;
  readonly limits: WatchLimits;
  readonly handler: WatchHandler<T>;
  /** What is handed over of an object. */
  readonly slim: (object: T) => T;
  readonly monitor: WatchMonitor;
  readonly logger: Logger;
}

/**
 * Keeps `handler` up to date with the objects at `path` until `signal` aborts. It survives closed and silent streams, 410 in both
 * its forms and an API server that is away; after any doubt it lists everything again, and from time to time without one. A server that
 * ends every stream at once is asked ever more seldom.
 */
export async function watchForever<T extends WatchedObject>(
  options: WatchOptions<T>,
  signal: AbortSignal,
): Promise<void> {
  const { path, limits, monitor, logger } = options;
  let version: string | undefined;
  let dueMs = 0;
  let backoffMs = 0;
  while (!signal.aborted) {
    const startedMs = Date.now();
    try {
      if (version === undefined || performance.now() >= dueMs) {
        version = await list(options, signal);
        dueMs = performance.now() + shortened(limits.listedForMs);
      }
      version = await follow(options, version, dueMs - performance.now(), signal);
    } catch (error) {
      if (signal.aborted) return;
      version = undefined;
      monitor.onInterrupted(interruptionOf(error));
      logger.warn({ path, reason: String(error) }, 'watch interrupted, listing again');
    }
    backoffMs = nextBackoffMs(backoffMs, Date.now() - startedMs, limits);
    await pause(jittered(backoffMs), signal);
  }
}

/**
 * How long to wait before the next stream.
 * @param beforeMs what was waited before the last one
 * @param livedMs how long that one lived, with its list
 */
export function nextBackoffMs(beforeMs: number, livedMs: number, limits: WatchLimits): number {
  if (livedMs >= limits.steadyMs) return limits.firstBackoffMs;
  return Math.min(Math.max(beforeMs * 2, limits.firstBackoffMs), limits.lastBackoffMs);
}

/** Names the cause of an interruption. */
export function interruptionOf(error: unknown): Interruption {
  if (error instanceof SilenceError) return 'silent';
  if (isGone(error) || (error instanceof WatchError && error.code === 410)) return 'gone';
  return isRefused(error) || error instanceof WatchError ? 'refused' : 'lost';
}

async function list<T>(options: WatchOptions<T>, signal: AbortSignal): Promise<string> {
  // Thousands of them at one time, as objects, would take ten times the memory that they take for good.
  const keep = (object: T) => pack(options.slim(object));
  const { objects, resourceVersion } = await listAll(sourceOf(options), signal, keep);
  options.handler.replace(unpackEach(objects));
  return resourceVersion;
}

function* unpackEach<T>(packed: Iterable<Packed<T>>): Generator<T> {
  for (const one of packed) yield unpack(one);
}

/** Watches from `version` on until the server closes the stream, for so long at most. Returns where the next one has to go on. */
async function follow<T extends WatchedObject>(
  options: WatchOptions<T>,
  version: string,
  longestMs: number,
  signal: AbortSignal,
): Promise<string> {
  const { monitor, limits } = options;
  const durationSeconds = Math.min(limits.durationSeconds, Math.max(1, Math.ceil(longestMs / 1000)));
  let resourceVersion = version;
  for await (const event of watchOnce<T>({ ...sourceOf(options), durationSeconds }, version, monitor, signal)) {
    dispatch(event, options);
    resourceVersion = event.object.metadata?.resourceVersion ?? resourceVersion;
  }
  signal.throwIfAborted();
  return resourceVersion;
}

function sourceOf<T>({ openStream, path, labelSelector, limits }: WatchOptions<T>): Source {
  return { openStream, path, labelSelector, ...limits };
}

function dispatch<T>({ type, object }: WatchEvent<T>, { handler, slim }: WatchOptions<T>): void {
  if (type === 'ADDED' || type === 'MODIFIED') handler.upsert(slim(object));
  if (type === 'DELETED') handler.remove(object);
}

/** So that many watchers do not list at one moment. */
function shortened(delayMs: number): number {
  return delayMs * (1 - Math.random() / 4);
}

/** So that many watchers do not come back at one moment. */
function jittered(delayMs: number): number {
  return delayMs * (0.5 + Math.random());
}
