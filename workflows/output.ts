import { CancellationScope } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { CleanupPlacement, Observation } from './contract.ts';
import { JobFailedError } from './failure.ts';
import { keepLogs } from './logs.ts';
import { allSettled } from './settled.ts';
import { placementOf, refOf } from './state.ts';
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
  tracker.update({ output });
}

/** Runs the cleanup Job; a second time as the owner of the files, if these cannot be read by anybody else. */
async function uploadOutput(context: JobContext, taskUid: string, { nodeName }: Observation): Promise<Ended> {
  const { request, steps } = context;
  const placement = { ...placementOf(request), ...(nodeName && { nodeName }) };
  context.hasUpload = true;
  const first = await runCleanup(placement);
  const { report } = first.observation;
  const owner = report?.ok === false ? report.unreadableOwnerUid : undefined;
  if (first.verdict.kind === 'succeeded' || owner === undefined) return succeededOrThrow(first);
  await steps.delete(refOf(request), 'cleanup');
  return succeededOrThrow(await runCleanup({ ...placement, runAsUser: owner }));

  async function runCleanup(where: CleanupPlacement): Promise<Ended> {
    const { jobUid } = await steps.cleanup(refOf(request), taskUid, where);
    return await untilEnded('cleanup', jobUid, context);
  }
}

function succeededOrThrow(ended: Ended): Ended {
  if (ended.verdict.kind === 'failed') throw new JobFailedError(ended.verdict.failure);
  return ended;
}
