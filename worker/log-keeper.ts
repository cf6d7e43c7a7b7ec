import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { ActivityDeps } from '../activities/deps.ts';
import { earlierLogObjectOf, logEndOf, logObjectOf, logPieceOf, logPiecesPrefixOf } from '../bucket/objects.ts';
import { findPieces, lastLineIn } from '../cluster/whole-log.ts';
import type { OnObservation } from '../cluster/view.ts';

/**
 * A piece is kept when the log has grown by so much. A node rotates a log away from 10 MiB on (`containerLogMaxSize`), so that a log
 * without a piece is on the node as a whole.
 */
const PIECE_BYTES = 1024 ** 2;

/** Longest log that is kept, in pieces: about 256 MiB with the node's times before the lines. */
const MAX_PIECES = 256;

const CUT = Buffer.from(`${new Date(0).toISOString()} [the log is longer than what is kept of it: it is cut here]\n`);

type KeeperDeps = Pick<ActivityDeps, 'readStampedLog' | 'bucket'> & { readonly logger: Logger };

/**
 * Keeps long logs of running tasks piece by piece, before their nodes rotate them away. To be told of what the watcher sees; it
 * follows each task once, until it has ended or `signal` aborts. Whoever follows it next goes on after the last piece.
 */
export function createLogKeeper(deps: KeeperDeps, signal: AbortSignal): OnObservation {
  const followed = new Set<string>();
  return (jobName, { role, stage, podName }) => {
    if (role !== 'task' || stage !== 'running' || podName === undefined || followed.has(podName)) return;
    followed.add(podName);
    keepPieces(deps, jobName, podName, signal)
      // What is not kept in pieces may still be on the node when the task ends.
      .catch((error: unknown) => deps.logger.warn({ jobName, reason: String(error) }, 'log not kept in pieces'))
      .finally(() => followed.delete(podName));
  };
}

async function keepPieces(deps: KeeperDeps, jobName: string, podName: string, signal: AbortSignal): Promise<void> {
  const { bucket, readStampedLog } = deps;
  const prefix = logPiecesPrefixOf(jobName, podName);
  const kept = await findPieces(bucket, prefix, logEndOf(prefix));
  if (kept.isWhole) return;
  const after = await lastLineIn(bucket, kept);
  const lines = await readStampedLog({ podName, container: 'task', follow: true, after, signal });
  const count = await writePieces(bucket, prefix, kept.objects.length, lines, signal);
  if (signal.aborted || count === 0) return;
  await write(bucket, logEndOf(prefix), []);
  // Who put the log together may not have waited for us.
  if (await isKeptWhole(bucket, jobName, podName)) await bucket.removeAll(prefix);
}

async function isKeptWhole(bucket: KeeperDeps['bucket'], jobName: string, podName: string): Promise<boolean> {
  const objects = [logObjectOf(jobName, 'task'), earlierLogObjectOf(jobName, podName, 'task')];
  const kept = await Promise.all(objects.map((object) => bucket.stat(object)));
  return kept.some((object) => object !== undefined);
}

/** Writes pieces as they fill, and at the end what is left if there were pieces before. Returns how many there are. */
async function writePieces(
  bucket: KeeperDeps['bucket'],
  prefix: string,
  firstIndex: number,
  lines: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<number> {
  let index = firstIndex;
  let piece: Buffer[] = [];
  let sizeBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  for await (const part of lines) {
    piece.push(part);
    sizeBytes += part.length;
    if (sizeBytes < PIECE_BYTES) continue;
    // The next piece fills while this one is sent: who lags behind may find a file rotated away.
    await writing;
    const isLast = index === MAX_PIECES - 1;
    writing = write(bucket, logPieceOf(prefix, index++), isLast ? [...piece, CUT] : piece);
    writing.catch(() => undefined);
    [piece, sizeBytes] = [[], 0];
    if (isLast) break;
  }
  await writing;
  if (index > 0 && sizeBytes > 0 && !signal.aborted) await write(bucket, logPieceOf(prefix, index++), piece);
  return index;
}

async function write(bucket: KeeperDeps['bucket'], object: string, content: readonly Buffer[]): Promise<void> {
  await bucket.write(object, Readable.from(content), { contentType: 'text/plain; charset=utf-8' });
}
