import type { ContainerRole } from '../workflows/contract.ts';
import type { Cluster } from './client.ts';
import { isNotFound, isWithoutLog, LogUnreadableError } from './errors.ts';
import type { LogOptions, ReadLog } from './logs.ts';
import { statusesOf } from './pod.ts';
import { lastLineOf, resumeAfter, secondOf, wholeLines } from './stamped-log.ts';
import { pause } from './time.ts';

const RETRY_MS = 1_000;

/** What to read of a container's log. */
export interface StampedLogOptions {
  readonly podName: string;
  readonly container: ContainerRole;
  /** Goes on until the container has ended. Default false. */
  readonly follow?: boolean;
  /** The last stamped line that is known already. */
  readonly after?: string | undefined;
  /** Only the last lines, and what follows. Default all. */
  readonly tailLines?: number | undefined;
  /** A log that is followed is handed over when so many bytes have come, or no more will: of thousands, most say little. */
  readonly leastBytes?: number | undefined;
  /** Asked when a followed stream ends. True when what may be missing of the log is of no matter: then nothing more is read. */
  readonly isEnough?: () => Promise<boolean>;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a log as pieces of whole stamped lines; resolves when the node has begun to answer, or with what is asked for. */
export type ReadStampedLog = (options: StampedLogOptions) => Promise<AsyncIterable<Buffer>>;

/**
 * Reads stamped logs. Whatever breaks while a log is followed, it goes on after the last line that came through, so that none is lost
 * and none comes twice.
 */
export function createReadStampedLog(readLog: ReadLog, cluster: Pick<Cluster, 'findPod'>): ReadStampedLog {
  async function* follow(options: StampedLogOptions, first: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let last = options.after;
    let stream: AsyncIterable<Buffer> | undefined = first;
    const open = () => readAfter(readLog, options, last).catch(undefinedUnlessGone);
    while (options.signal?.aborted !== true) {
      let isOver = false;
      try {
        stream ??= await open();
        for await (const piece of stream ?? []) {
          last = lastLineOf(piece);
          yield piece;
        }
        if (stream !== undefined && (await options.isEnough?.()) === true) return;
        // An API server that shuts down ends a stream as if the log had ended. And who lags behind when a container ends is at
        // the end of a rotated file: the node does not go on to the next one by itself.
        isOver = stream !== undefined && (await hasEnded(cluster, options));
        if (isOver) {
          yield* await readAfter(readLog, { ...options, follow: false }, last);
          return;
        }
      } catch (error) {
        if (isNotFound(error) || (isOver && isWithoutLog(error))) return;
      }
      stream = undefined;
      await pause(RETRY_MS, options.signal);
    }
  }

  // Without `await`, here and below: what waits for a silent log is kept for each of thousands.
  return (options) => {
    const reading = readAfter(readLog, options, options.after);
    return options.follow === true ? reading.then((first) => follow(options, first)) : reading;
  };
}

function readAfter(
  readLog: ReadLog,
  { podName, container, follow = false, tailLines, leastBytes, signal }: StampedLogOptions,
  after: string | undefined,
): Promise<AsyncIterable<Buffer>> {
  const sinceTime = after === undefined ? undefined : secondOf(after);
  const options: LogOptions = {
    follow,
    timestamps: true,
    ...(signal && { signal }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(follow && leastBytes !== undefined && { leastBytes }),
    ...(tailLines !== undefined && after === undefined && { tailLines }),
  };
  // Who follows looks whether the log is over, whatever it ended with.
  const onNodeWord = follow ? undefined : unreadable;
  return readLog(podName, container, options).then((log) => resumeAfter(wholeLines(log), after, onNodeWord));
}

function unreadable(word: string): never {
  throw new LogUnreadableError(word);
}

async function hasEnded(
  cluster: Pick<Cluster, 'findPod'>,
  { podName, container }: StampedLogOptions,
): Promise<boolean> {
  const status = statusesOf(await cluster.findPod(podName)).find(({ name }) => name === container);
  return status?.state?.running === undefined;
}

/** A pod that is gone will not come back; all else may be over in a moment. */
function undefinedUnlessGone(error: unknown): undefined {
  if (isNotFound(error)) throw error;
}
