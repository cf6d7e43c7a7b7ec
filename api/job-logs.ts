import type { Readable } from 'node:stream';
import type { Bucket } from '../bucket/bucket.ts';
import { logPiecesOf } from '../bucket/objects.ts';
import type { Cluster } from '../cluster/client.ts';
import { isWithoutLog } from '../cluster/errors.ts';
import type { ReadStampedLog } from '../cluster/follow-log.ts';
import type { ReadLog } from '../cluster/logs.ts';
import { roleOf } from '../cluster/names.ts';
import { findPod } from '../cluster/pods.ts';
import { findPieces, NO_PIECES, openWhole } from '../cluster/whole-log.ts';
import type { KeptPieces } from '../cluster/whole-log.ts';
import type { ContainerRole, Job } from '../workflows/contract.ts';
import { attemptRefOf } from '../workflows/state.ts';
import type { JobLogOptions, ReadJobLog } from './deps.ts';
import { unavailable } from './errors.ts';
import { lastLines } from './tail.ts';

/** Where logs of running jobs are. */
interface Sources {
  readonly cluster: Pick<Cluster, 'listPods'>;
  readonly readLog: ReadLog;
  readonly readStampedLog: ReadStampedLog;
  readonly bucket: Pick<Bucket, 'list' | 'read' | 'stat'>;
}

/**
 * Reads logs from the newest pod that runs the container; what its node has rotated away of a long one comes from the bucket. A log
 * that is followed goes on over every fault of the way until its container has ended.
 */
export function createReadJobLog(sources: Sources): ReadJobLog {
  return async (job, container, options) => {
    try {
      const pod = await findPod(sources.cluster, attemptRefOf(job), roleOf(container));
      const podName = pod?.metadata?.name;
      if (podName === undefined) return undefined;
      return await openLog(sources, podName, container, await piecesOf(sources, job, podName, container), options);
    } catch (error) {
      if (isWithoutLog(error)) return undefined;
      throw unavailable('Kubernetes', error);
    }
  };
}

/** A bucket that is away hides nothing but what is gone from the node. */
async function piecesOf({ bucket }: Sources, { name }: Job, podName: string, container: ContainerRole) {
  if (container !== 'task') return NO_PIECES;
  return await findPieces(bucket, logPiecesOf(name, podName)).catch(() => NO_PIECES);
}

async function openLog(
  { readLog, readStampedLog, bucket }: Sources,
  podName: string,
  container: ContainerRole,
  pieces: KeptPieces,
  { follow, tailLines, signal }: JobLogOptions,
): Promise<Readable> {
  const isShort = pieces.objects.length === 0;
  if (isShort && !follow) {
    if (tailLines === undefined) return await readLog(podName, container, { signal });
    return lastLines(await readLog(podName, container, { signal, tailLines }), tailLines);
  }
  // A long log that is followed from near its end begins with what the node has.
  const from = isShort || (follow && tailLines !== undefined) ? NO_PIECES : pieces;
  const log = await openWhole(bucket, readStampedLog, from, { podName, container, follow, tailLines, signal });
  return tailLines === undefined || follow ? log : lastLines(log, tailLines);
}
