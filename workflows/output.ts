import { CancellationScope } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { CleanupPlacement, Observation } from './observation.ts';
import { JobFailedError } from './failure.ts';
import { keepLogs } from './logs.ts';
import { isNodeGone } from './reasons.ts';
import { isDisruptive } from './retry.ts';
import { allSettled } from './settled.ts';
import { attemptRefOf, placementOf, refOf } from './state.ts';
import { untilEnded } from './wait.ts';
import type { Ended } from './wait.ts';

/**
 * Zips what the task wrote, and gives it its name in the bucket, once.
 * @param isComplete false when the task failed, or ran out of time
 */
export async function publishOutput(
  context: JobContext,
  taskUid: string,
  task: Observation,
  isComplete: boolean,
): Promise<void> {
  const { request, steps, tracker } = context;
  const { report } = (await uploadOutput(context, taskUid, task)).observation;
  // Published is succeeded: from here on a kill comes too late.
  const publish = () => steps.publish(refOf(request), taskUid, report, isComplete);
  const [output] = await allSettled([CancellationScope.nonCancellable(publish), keepLogs(context, 'cleanup')]);
  tracker.note({ output });
}

/** A node that evicts or loses one cleanup after the other has an end. */
const MAX_DISRUPTIONS = 3;

/**
 * Runs the cleanup Job. A second time as the owner of the files, if these cannot be read by anybody else; and anew when the cluster
 * has evicted it, or its node has lost it: the claim with the output is still there.
 */
async function uploadOutput(context: JobContext, taskUid: string, { nodeName }: Observation): Promise<Ended> {
  const { request, steps, tracker } = context;
  const ref = attemptRefOf(tracker.job());
  let placement: CleanupPlacement = { ...placementOf(request), ...(nodeName && { nodeName }) };
  context.hasUpload = true;
  for (let disruptions = 0; ;) {
    const { jobUid } = await steps.cleanup(ref, taskUid, placement);
    const ended = await untilEnded('cleanup', jobUid, context);
    const owner = ownerToRunAs(ended, placement);
    if (owner !== undefined) placement = { ...placement, runAsUser: owner };
    else if (wasDisrupted(ended) && disruptions < MAX_DISRUPTIONS) disruptions += 1;
    else return succeededOrThrow(ended);
    tracker.leave('cleanup');
    await steps.delete(ref, 'cleanup');
  }
}

/** Who alone can read the files, unless that was tried. */
function ownerToRunAs({ verdict, observation: { report } }: Ended, { runAsUser }: CleanupPlacement) {
  if (verdict.kind === 'succeeded' || runAsUser !== undefined || report === undefined || report.ok) return undefined;
  return report.unreadableOwnerUid;
}

function wasDisrupted({ verdict }: Ended): boolean {
  return verdict.kind === 'failed' && isDisruptive(verdict.failure) && !isNodeGone(verdict.failure);
}

function succeededOrThrow(ended: Ended): Ended {
  if (ended.verdict.kind === 'failed') throw new JobFailedError(ended.verdict.failure);
  return ended;
}
