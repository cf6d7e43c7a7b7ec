import { isCancellation, log } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { Evidence, Failure, Observation } from './contract.ts';
import { JobFailedError } from './failure.ts';
import { keepLogs } from './logs.ts';
import { publishOutput } from './output.ts';
import { failureOf } from './reasons.ts';
import { refOf } from './state.ts';

/**
 * The task failed, or never ran. What is known of the cause is told from now on, and what the task wrote is kept if the client
 * wants that.
 * @throws JobFailedError always
 */
export async function failTask(
  context: JobContext,
  taskUid: string,
  task: Observation,
  cause: Failure,
): Promise<never> {
  const { request, tracker } = context;
  const failure = cause.phase === 'starting' ? await withEvidence(context, cause) : cause;
  tracker.update({ failure });
  // A lost node has the volume, and may still write to it.
  const hasWritten = cause.phase === 'running' && cause.reason !== 'NodeLost';
  if (request.parameters.outputs_on === 'always' && hasWritten) await keepOutput(context, taskUid, task);
  throw new JobFailedError(failure);
}

/** The pod as the cluster has it, before it is deleted; a failure that names no cause gets the cluster's own words. */
async function withEvidence({ request, steps, tracker }: JobContext, failure: Failure): Promise<Failure> {
  try {
    const evidence = await steps.inspect(refOf(request), 'task');
    if (evidence.pod !== undefined) tracker.update({ clusterResponse: evidence.pod });
    return inItsWords(failure, evidence);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the pod that did not start could not be read', { error });
    return failure;
  }
}

/** What the cluster said first may be old: a pod may wait for one thing after the other. */
function inItsWords(failure: Failure, { message, pulling }: Evidence): Failure {
  const { reason, phase } = failure;
  if (reason === 'StartTimeout' && pulling !== undefined)
    return failureOf('ImagePullTimeout', phase, `${failure.message}: ${pulling}`);
  if (message === undefined) return failure;
  switch (reason) {
    case 'StartTimeout':
      return { ...failure, message: `${failure.message}: ${message}` };
    case 'Unschedulable':
      return { ...failure, message };
    default:
      return failure;
  }
}

/** Nothing writes any more when the upload begins. Whatever goes wrong here, the job has failed by its first cause. */
async function keepOutput(context: JobContext, taskUid: string, task: Observation): Promise<void> {
  const { request, steps, tracker } = context;
  tracker.update({ phase: 'uploading' });
  try {
    await keepLogs(context, 'task');
    await steps.delete(refOf(request), 'task');
    await publishOutput(context, taskUid, task, false);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('what the task wrote could not be kept', { error });
  }
}
