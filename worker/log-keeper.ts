import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { ActivityDeps } from '../activities/deps.ts';
import { earlierLogObjectOf, logObjectOf, logPieceOf, logPiecesOf } from '../bucket/objects.ts';
import { findPieces, lastLineIn } from '../cluster/whole-log.ts';
import type { OnObservation } from '../cluster/view.ts';
import { within } from '../promises.ts';
import { isEnd } from '../workflows/observation.ts';

/**
 * A piece is kept when the log has grown by so much. A node rotates a log away from 10 MiB on (`containerLogMaxSize`), so that a log
 * without a piece is on the node as a whole.
 */
const PIECE_BYTES = 1024 ** 2;

/** Longest log that is kept, in pieces: about 256 MiB with the node's times before the lines. */
const MAX_PIECES = 256;

/** The end of a task is seen within this time of the end of its log, or the stream was only broken off. */
const END_SEEN_MS = 2_000;

const CUT = Buffer.from(`${new Date(0).toISOString()} [the log is longer than what is kept of it: it is cut here]\n`);

type KeeperDeps = Pick<ActivityDeps, 'readStampedLog' | 'bucket'> & { readonly logger: Logger };

/** A task whose log is kept. */
interface Followed {
  readonly jobName: string;
  readonly podName: string;
  /** Resolves when the task is seen to have ended. */
  readonly end: Promise<void>;
}

/**
 * Keeps long logs of running tasks piece by piece, before their nodes rotate them away. To be told of what the watcher sees; it
 * follows each task once, until it has ended or `signal` aborts. Whoever follows it next goes on after the last piece. A short log costs
 * the cluster one request.
 */
export function createLogKeeper(deps: KeeperDeps, signal: AbortSignal): OnObservation {
  const followed = new Map<string, () => void>();
  return (jobName, { role, stage, podName }) => {
    if (role !== 'task' || podName === undefined) return;
    if (isEnd(stage)) followed.get(podName)?.();
    if (stage !== 'running' || followed.has(podName)) return;
    const { promise: end, resolve } = Promise.withResolvers<void>();
    followed.set(podName, resolve);
    keepPieces(deps, { jobName, podName, end }, signal)
      // What is not kept in pieces may still be on the node when the task ends.
      .catch((error: unknown) => deps.logger.warn({ jobName, reason: String(error) }, 'log not kept in pieces'))
      .finally(() => followed.delete(podName));
  };
}

async function keepPieces(deps: KeeperDeps, { jobName, podName, end }: Followed, signal: AbortSignal): Promise<void> {
  const { bucket, readStampedLog } = deps;
  const names = logPiecesOf(jobName, podName);
  const kept = await findPieces(bucket, names);
  if (kept.isWhole) return;
  const after = await lastLineIn(bucket, kept);
  const pieces = { count: kept.objects.length };
  // What is shorter than a piece is on the node as a whole, where it is read when the task has ended.
  const isEnough = async () => pieces.count === 0 && (await isSeenSoon(end));
  const options = { podName, container: 'task', follow: true, leastBytes: PIECE_BYTES } as const;
  const lines = await readStampedLog({ ...options, after, isEnough, signal });
  await writePieces(bucket, names.prefix, pieces, lines, signal);
  if (signal.aborted || pieces.count === 0) return;
  await write(bucket, names.end, []);
  // Who put the log together may not have waited for us.
  if (await isKeptWhole(bucket, jobName, podName)) await bucket.removeAll(names.prefix);
}

async function isSeenSoon(end: Promise<void>): Promise<boolean> {
  return await within(END_SEEN_MS, end).then(
    () => true,
    () => false,
  );
}

async function isKeptWhole(bucket: KeeperDeps['bucket'], jobName: string, podName: string): Promise<boolean> {
  const objects = [logObjectOf(jobName, 'task'), earlierLogObjectOf(jobName, podName, 'task')];
  const kept = await Promise.all(objects.map((object) => bucket.stat(object)));
  return kept.some((object) => object !== undefined);
}

/** Writes pieces as they fill, and at the end what is left if there were pieces before. Counts them all in `pieces`. */
async function writePieces(
  bucket: KeeperDeps['bucket'],
  prefix: string,
  pieces: { count: number },
  lines: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  let piece: Buffer[] = [];
  let sizeBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  for await (const part of lines) {
    piece.push(part);
    sizeBytes += part.length;
    if (sizeBytes < PIECE_BYTES) continue;
    // The next piece fills while this one is sent: who lags behind may find a file rotated away.
    await writing;
    const isLast = pieces.count === MAX_PIECES - 1;
    writing = write(bucket, logPieceOf(prefix, pieces.count++), isLast ? [...piece, CUT] : piece);
    writing.catch(() => undefined);
    [piece, sizeBytes] = [[], 0];
    if (isLast) break;
  }
  await writing;
  if (pieces.count > 0 && sizeBytes > 0 && !signal.aborted)
    await write(bucket, logPieceOf(prefix, pieces.count++), piece);
}

async function write(bucket: KeeperDeps['bucket'], object: string, content: readonly Buffer[]): Promise<void> {
  await bucket.write(object, Readable.from(content), { contentType: 'text/plain; charset=utf-8' });
}
