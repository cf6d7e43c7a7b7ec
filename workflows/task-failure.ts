import { isCancellation, log } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { Failure } from './contract.ts';
import { isOnePod, refOf } from './observation.ts';
import type { Evidence, Observation } from './observation.ts';
import { TaskFailedError } from './failure.ts';
import { keepLogs } from './logs.ts';
import { publishOutput } from './output.ts';
import { failureOf, isNodeGone } from './reasons.ts';
import { attemptRefOf, graceMsOf } from './state.ts';
import { isTaskOver } from './wait.ts';

/** How long a node may take to notice that a container is to be ended, and to tell that it was. */
const NODE_MS = 20_000;

/** The task failed, or never ran: the error that says why. */
export async function taskFailure(context: JobContext, cause: Failure): Promise<TaskFailedError> {
  return new TaskFailedError(cause.phase === 'starting' ? await withEvidence(context, cause) : cause);
}

/** No other attempt follows: the cause is told from now on, and what the task wrote is kept if the client wants that. */
export async function failForGood(context: JobContext, failure: Failure): Promise<void> {
  const { request, tracker } = context;
  const { exitCode } = failure.container === 'task' ? failure : {};
  tracker.update({ failure, ...(exitCode !== undefined && { exitCode }) });
  // A lost node has the volume, and may still write to it.
  const hasWritten = failure.phase === 'running' && !isNodeGone(failure);
  if (request.parameters.outputs_on === 'always' && hasWritten) await keepOutput(context, tracker.seen('task'));
}

/** The pod as the cluster has it, before it is deleted; a failure that names no cause gets the cluster's own words. */
async function withEvidence({ steps, tracker }: JobContext, failure: Failure): Promise<Failure> {
  try {
    const evidence = await steps.inspect(attemptRefOf(tracker.job()), 'task');
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
async function keepOutput(context: JobContext, task: Observation): Promise<void> {
  context.tracker.update({ phase: 'uploading' });
  try {
    if (isOnePod(refOf(context.request))) await untilTaskIsOver(context);
    else await removeTask(context);
    await publishOutput(context, task.jobUid ?? '', task, false);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('what the task wrote could not be kept', { error });
  }
}

async function removeTask(context: JobContext): Promise<void> {
  const { steps, tracker } = context;
  await keepLogs(context, 'task');
  tracker.tell();
  await steps.delete(attemptRefOf(tracker.job()), 'task');
}

/** The node ends a task that runs too long; one that it does not end keeps its output to itself. */
async function untilTaskIsOver(context: JobContext): Promise<void> {
  const { parameters } = context.request;
  if (!(await isTaskOver(context, graceMsOf(parameters) + NODE_MS)))
    throw new Error('the task runs on although it was to be ended');
}
