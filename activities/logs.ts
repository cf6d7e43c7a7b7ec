import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObjectExists } from '../bucket/errors.ts';
import { earlierLogObjectOf, logObjectOf, logPiecesOf } from '../bucket/objects.ts';
import { isRefused, isWithoutLog } from '../cluster/errors.ts';
import { findPieces, NO_PIECES, openWhole } from '../cluster/whole-log.ts';
import type { KeptPieces } from '../cluster/whole-log.ts';
import type { ContainerRole, JobRole, LogObjects } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';
import { inTries } from './tries.ts';

/** Who keeps the pieces of a long log hears its end when we do, and writes the last piece within so long, or is gone. */
const LAST_PIECE_MS = 5_000;
const LOOK_MS = 200;

const TEXT = { contentType: 'text/plain; charset=utf-8' };

/** What keeping a log needs. */
type LogDeps = Pick<ActivityDeps, 'readLog' | 'readStampedLog' | 'bucket' | 'watches'>;

/** Whose log is kept. */
export interface LogSource {
  /** Name of the job. */
  readonly name: string;
  readonly podName: string;
  /** True when another attempt follows: the log of the job is to be another one. */
  readonly isEarlier: boolean;
  /** The whole log of a container that has told it already; undefined when the node has to be asked for it. */
  readonly toldBy: (container: ContainerRole) => string | undefined;
}

/** The logs of a pod; those that our watches know cost no request. */
export function logsOf(
  { watches }: Pick<ActivityDeps, 'watches'>,
  ref: JobRef,
  role: JobRole,
  podName: string,
  isEarlier: boolean,
): LogSource {
  const toldBy = (container: ContainerRole) => watches?.transferLogOf(ref, role, podName, container);
  return { name: ref.name, podName, isEarlier, toldBy };
}

/** Keeps the logs of `containers` of a pod that has ended. Returns the objects' names; a container that never ran has none. */
export function createLogs(deps: LogDeps) {
  return async function logs(
    ref: JobRef,
    role: JobRole,
    podName: string,
    containers: readonly ContainerRole[],
    isEarlier = false,
  ): Promise<LogObjects> {
    const keep = () => keepEach(deps, logsOf(deps, ref, role, podName, isEarlier), containers, true);
    return await heartbeating(inTries(keep));
  };
}

/** Keeps what each container has said so far, or all of it when it `hasEnded`; a log that is kept already stays as it is. */
export async function keepEach(
  deps: LogDeps,
  source: LogSource,
  containers: readonly ContainerRole[],
  hasEnded: boolean,
): Promise<LogObjects> {
  const keep = async (container: ContainerRole) =>
    [container, await keepOne(deps, source, container, hasEnded)] as const;
  const kept = await Promise.all(containers.map(keep));
  return Object.fromEntries(kept.filter(([, object]) => object !== undefined));
}

async function keepOne(deps: LogDeps, source: LogSource, container: ContainerRole, hasEnded: boolean) {
  const { bucket } = deps;
  const object = objectOf(source, container);
  if (source.isEarlier && (await makeEarlier(bucket, source, container))) return object;
  const pieces = await piecesOf(deps, source, container, hasEnded ? LAST_PIECE_MS : 0);
  const isKept = await writeLog(deps, object, source, container, pieces);
  if (hasEnded && pieces.objects.length > 0) await bucket.removeAll(logPiecesOf(source.name, source.podName).prefix);
  return isKept ? object : undefined;
}

function objectOf({ name, podName, isEarlier }: LogSource, container: ContainerRole): string {
  return isEarlier ? earlierLogObjectOf(name, podName, container) : logObjectOf(name, container);
}

/** A log that is kept already as that of the job gets the name of its attempt. False when there is none. */
async function makeEarlier(bucket: LogDeps['bucket'], source: LogSource, container: ContainerRole): Promise<boolean> {
  const kept = await bucket.stat(logObjectOf(source.name, container));
  if (kept === undefined) return false;
  await bucket.promote(kept, objectOf(source, container));
  return true;
}

/** Writes the log, unless it is kept already. False when there is none. */
async function writeLog(
  deps: LogDeps,
  object: string,
  source: LogSource,
  container: ContainerRole,
  pieces: KeptPieces,
): Promise<boolean> {
  try {
    const log = toldLog(source, container) ?? (await openLog(deps, source, container, pieces));
    await deps.bucket.write(object, log, TEXT);
    return true;
  } catch (error) {
    if (isObjectExists(error)) return true;
    if (!isRefused(error)) throw error;
    // Whatever the cluster says now, an earlier try may have kept the log.
    if ((await deps.bucket.stat(object)) !== undefined) return true;
    if (!isWithoutLog(error)) throw error;
    // The pod is gone: what there is of its log is in the pieces.
    return pieces.objects.length > 0 && (await writeLog(deps, object, source, container, { ...pieces, isWhole: true }));
  }
}

/** Listens to a container that is about to end, from its first line on. Resolves when the node has begun to answer. */
export async function listenTo(deps: LogDeps, source: LogSource, container: ContainerRole, signal: AbortSignal) {
  const pieces = await piecesOf(deps, source, container);
  const log = toldLog(source, container) ?? (await followLog(deps, source, container, pieces, signal));
  /** Resolves when the container has ended, and all that it said stands in the place of what was kept before. */
  const untilEnd = () => deps.bucket.write(objectOf(source, container), log, { ...TEXT, mayReplace: true });
  return { untilEnd };
}

/** Removes the pieces of a log that is kept whole now, if there are any. */
export async function removePieces({ bucket }: Pick<LogDeps, 'bucket'>, { name, podName }: LogSource): Promise<void> {
  const { prefix, first } = logPiecesOf(name, podName);
  if ((await bucket.stat(first)) !== undefined) await bucket.removeAll(prefix);
}

/** The pieces of a long log that are kept already. They are waited for until they are whole, or for `patienceMs`. */
async function piecesOf(
  { bucket }: LogDeps,
  { name, podName }: LogSource,
  container: ContainerRole,
  patienceMs = 0,
): Promise<KeptPieces> {
  if (container !== 'task') return NO_PIECES;
  for (const endMs = Date.now() + patienceMs; ; await sleep(LOOK_MS)) {
    const pieces = await findPieces(bucket, logPiecesOf(name, podName));
    if (pieces.isWhole || pieces.objects.length === 0 || Date.now() >= endMs) return pieces;
  }
}

/** What a container has told already, without a request. */
function toldLog({ toldBy }: LogSource, container: ContainerRole): Readable | undefined {
  const told = toldBy(container);
  return told === undefined ? undefined : Readable.from([Buffer.from(told)]);
}

/** A log that was never long is all on the node. */
async function openLog(
  { readLog, readStampedLog, bucket }: LogDeps,
  { podName }: LogSource,
  container: ContainerRole,
  pieces: KeptPieces,
): Promise<Readable> {
  if (pieces.objects.length === 0) return await readLog(podName, container);
  return await openWhole(bucket, readStampedLog, pieces, { podName, container });
}

/** With the node's stamps, by which its own word about a container that is gone already is told from the container's. */
async function followLog(
  { readStampedLog, bucket }: LogDeps,
  { podName }: LogSource,
  container: ContainerRole,
  pieces: KeptPieces,
  signal: AbortSignal,
): Promise<Readable> {
  // Nobody waits for a container that is told to go, and does: its log is over with its stream.
  const isEnough = () => Promise.resolve(true);
  const log = await openWhole(bucket, readStampedLog, pieces, { podName, container, follow: true, isEnough, signal });
  return Readable.from(unlessAborted(log, signal), { objectMode: false });
}

/** Fails where `signal` ends a log: what is written of it then may be less than what is kept. */
async function* unlessAborted(log: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield* log;
  signal.throwIfAborted();
}
