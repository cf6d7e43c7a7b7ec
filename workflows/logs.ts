import { log } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { ContainerRole, JobRole, Observation } from './contract.ts';
import { isEnd } from './contract.ts';
import { refOf } from './state.ts';

/**
 * Keeps the logs of a pod's containers before the pod is deleted; at most once. Containers that still run are told to stop, and
 * heard to their last line. A log that cannot be kept changes nothing else.
 */
export async function keepLogs(context: JobContext, role: JobRole): Promise<void> {
  const { request, steps, tracker } = context;
  const seen = tracker.seen(role);
  const { logObjects = {} } = tracker.job();
  const containers = containersOf(role, context).filter((container) => logObjects[container] === undefined);
  if (seen.podName === undefined || !hasSaidSomething(seen) || containers.length === 0) return;
  try {
    const keep = isEnd(seen.stage) ? steps.logs : steps.stop;
    const kept = await keep(refOf(request), role, seen.podName, containers);
    tracker.update({ logObjects: { ...tracker.job().logObjects, ...kept } });
  } catch (error) {
    log.warn('the logs could not be kept', { role, error });
  }
}

function containersOf(role: JobRole, { request }: JobContext): readonly ContainerRole[] {
  if (role === 'cleanup') return ['cleanup'];
  return request.input ? ['input', 'task'] : ['task'];
}

function hasSaidSomething({ role, stage }: Observation): boolean {
  // Nobody is told that a cleanup container runs: it may have said something since.
  return stage !== 'pending' || role === 'cleanup';
}
