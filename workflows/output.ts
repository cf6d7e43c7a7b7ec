import { CancellationScope } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { Failure } from './contract.ts';
import { isOnePod, refOf } from './observation.ts';
import type { CleanupPlacement, Observation } from './observation.ts';
import { JobFailedError } from './failure.ts';
import { keepLogs } from './logs.ts';
import { isNodeGone } from './reasons.ts';
import { isDisruptive } from './retry.ts';
import { allSettled } from './settled.ts';
import { attemptRefOf, placementOf } from './state.ts';
import { unreadableFailure, withReadableHint } from './unreadable.ts';
import { untilEnded } from './wait.ts';
import type { Ended } from './wait.ts';

/**
 * Zips what the task wrote, and gives it its name in the bucket, once.
 * @param isComplete false when the task failed, or ran out of time
 * @returns the failure of a job whose output lacks what may not be read; undefined when all of it could be read
 */
export async function publishOutput(
  context: JobContext,
  taskUid: string,
  task: Observation,
  isComplete: boolean,
): Promise<Failure | undefined> {
  const { steps, tracker } = context;
  const { report } = (await uploadOutput(context, taskUid, task)).observation;
  // Published is succeeded: from here on a kill comes too late.
  const publish = () => steps.publish(attemptRefOf(tracker.job()), report, isComplete);
  const [output] = await allSettled([CancellationScope.nonCancellable(publish), keepLogs(context, 'cleanup')]);
  tracker.note({ output });
  return report?.ok === true && report.unreadable !== undefined ? unreadableFailure(report.unreadable) : undefined;
}

async function uploadOutput(context: JobContext, jobUid: string, task: Observation): Promise<Ended> {
  return await (isOnePod(refOf(context.request)) ? uploadInPlace(context, jobUid, task) : uploadApart(context, task));
}

/** The upload of the task's own pod: it follows the task by itself, unless it waits to be told. */
async function uploadInPlace(context: JobContext, jobUid: string, { podName, podUid }: Observation): Promise<Ended> {
  const { request, steps, tracker } = context;
  context.hasUpload = true;
  const isTold = request.parameters.outputs_on === 'always' && podName !== undefined && podUid !== undefined;
  if (isTold) await steps.send(attemptRefOf(tracker.job()), podName, podUid);
  return succeededOrThrow(await untilEnded('cleanup', jobUid, context));
}

/** A node that evicts or loses one cleanup after the other has an end. */
const MAX_DISRUPTIONS = 3;

/**
 * Runs the cleanup Job. A second time as the owner of a file that the first cannot read, which leaves out what it cannot read either; and anew when the cluster
 * has evicted it, or its node has lost it: the claim with the output is still there.
 */
async function uploadApart(context: JobContext, { nodeName }: Observation): Promise<Ended> {
  const { request, steps, tracker } = context;
  const ref = attemptRefOf(tracker.job());
  let placement: CleanupPlacement = { ...placementOf(request), ...(nodeName && { nodeName }) };
  context.hasUpload = true;
  for (let disruptions = 0; ;) {
    const { jobUid } = await steps.cleanup(ref, placement);
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

/** True when the folder itself could not be read, as of a single file the pod would have told. */
function isUnreadable({ report }: Observation): boolean {
  return report !== undefined && !report.ok && report.unreadableOwnerUid !== undefined;
}

function wasDisrupted({ verdict }: Ended): boolean {
  return verdict.kind === 'failed' && isDisruptive(verdict.failure) && !isNodeGone(verdict.failure);
}

function succeededOrThrow(ended: Ended): Ended {
  const { verdict, observation } = ended;
  if (verdict.kind === 'succeeded') return ended;
  throw new JobFailedError(isUnreadable(observation) ? withReadableHint(verdict.failure) : verdict.failure);
}
