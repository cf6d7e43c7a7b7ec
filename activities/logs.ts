import { isObjectExists } from '../bucket/errors.ts';
import { logObjectOf } from '../bucket/objects.ts';
import { isNotStarted, isNotFound } from '../cluster/errors.ts';
import type { JobRef } from '../cluster/names.ts';
import type { ContainerRole, JobRole, LogObjects } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';

/** Longest log that is kept; the node rotates away more than that anyway. */
const LOG_LIMIT_BYTES = 64 * 1024 ** 2;

const TEXT = { contentType: 'text/plain; charset=utf-8' };

/** What keeping a log needs. */
type LogDeps = Pick<ActivityDeps, 'readLog' | 'bucket'>;

/** Keeps the logs of `containers` of a pod that has ended. Returns the objects' names; a container that never ran has none. */
export function createLogs(deps: LogDeps) {
  return async function logs(
    ref: JobRef,
    _role: JobRole,
    podName: string,
    containers: readonly ContainerRole[],
  ): Promise<LogObjects> {
    return await heartbeating(keepEach(deps, ref, podName, containers));
  };
}

/** Keeps what each container has said so far; a log that is kept already stays as it is. */
export async function keepEach(
  deps: LogDeps,
  ref: JobRef,
  podName: string,
  containers: readonly ContainerRole[],
): Promise<LogObjects> {
  const keep = async (container: ContainerRole) => [container, await keepOne(deps, ref, podName, container)] as const;
  const kept = await Promise.all(containers.map(keep));
  return Object.fromEntries(kept.filter(([, object]) => object !== undefined));
}

async function keepOne({ readLog, bucket }: LogDeps, ref: JobRef, podName: string, container: ContainerRole) {
  const object = logObjectOf(ref.name, container);
  try {
    await bucket.write(object, await readLog(podName, container, { limitBytes: LOG_LIMIT_BYTES }), TEXT);
    return object;
  } catch (error) {
    if (isObjectExists(error)) return object;
    if (isNotFound(error) || isNotStarted(error)) return undefined;
    throw error;
  }
}

/** Listens to a container that is about to end, from its first line on. Resolves when the node has begun to answer. */
export async function listenTo({ readLog, bucket }: LogDeps, ref: JobRef, podName: string, container: ContainerRole) {
  const log = await readLog(podName, container, { follow: true, limitBytes: LOG_LIMIT_BYTES });
  /** Resolves when the container has ended, and all that it said stands in the place of what was kept before. */
  const untilEnd = () => bucket.write(logObjectOf(ref.name, container), log, { ...TEXT, mayReplace: true });
  return { untilEnd };
}
