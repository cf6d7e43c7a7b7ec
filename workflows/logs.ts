import { log } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { ContainerRole, JobRole, LogObjects } from './contract.ts';
import type { JobRef, Observation } from './observation.ts';
import { isEnd, isOnePod, refOf } from './observation.ts';
import { attemptRefOf, containersOf } from './state.ts';

/**
 * Keeps the logs of both roles: side by side, and of one pod one after the other, as whoever stops the upload takes away the pod that has
 * the log of the task.
 */
export async function ofBoth<T>(
  ref: Pick<JobRef, 'storageMode'>,
  keep: (role: JobRole) => Promise<T>,
): Promise<readonly T[]> {
  if (!isOnePod(ref)) return await Promise.all([keep('task'), keep('cleanup')]);
  return [await keep('task'), await keep('cleanup')];
}

/**
 * Keeps the logs of a pod's containers before the pod is deleted; at most once. Containers that still run are told to stop, and
 * heard to their last line. A log that cannot be kept changes nothing else.
 */
export async function keepLogs(context: JobContext, role: JobRole): Promise<void> {
  const { tracker } = context;
  const { hasInput, logObjects = {} } = tracker.job();
  const containers = containersOf(role, hasInput).filter((container) => logObjects[container] === undefined);
  const kept = await keepLogsOf(context, role, containers, false);
  // The pod has them, too, until it is deleted.
  if (kept) tracker.note({ logObjects: { ...tracker.job().logObjects, ...kept } });
}

/** The same for an attempt that another one follows: its logs get names of their own, which are returned. */
export async function keepEarlierLogs(context: JobContext): Promise<LogObjects> {
  const { hasInput } = context.tracker.job();
  const keep = (role: JobRole) => keepLogsOf(context, role, containersOf(role, hasInput), true);
  const [ofTask, ofUpload] = await ofBoth(refOf(context.request), keep);
  return { ...ofTask, ...ofUpload };
}

async function keepLogsOf(
  { tracker, steps }: JobContext,
  role: JobRole,
  containers: readonly ContainerRole[],
  isEarlier: boolean,
): Promise<LogObjects | undefined> {
  const seen = tracker.seen(role);
  if (seen.podName === undefined || !hasSaidSomething(seen) || containers.length === 0) return undefined;
  try {
    const keep = isEnd(seen.stage) ? steps.logs : steps.stop;
    return await keep(attemptRefOf(tracker.job()), role, seen.podName, containers, isEarlier);
  } catch (error) {
    log.warn('the logs could not be kept', { role, error });
    return undefined;
  }
}

/** False when no container of the pod can have a log yet. */
export function hasSaidSomething({ role, stage }: Observation): boolean {
  // Nobody is told that a cleanup container runs: it may have said something since.
  return stage !== 'pending' || role === 'cleanup';
}
