import { activityInfo } from '@temporalio/activity';
import type { WorkflowClient } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ADMISSION, ENQUEUE_SIGNAL, TASK_QUEUE } from '../workflows/names.ts';
import type { AskingJob } from '../workflows/contract.ts';
import { untilAskingMs } from './rest.ts';

/** All others wait for what it says, so that it does not wait behind thousands of them. */
const FIRST = { priorityKey: 1 };

/**
 * Asks for the job to be let go, and starts whoever decides about that, should it not be there. It never succeeds: the answer is a signal
 * to the job. "Asked" is a benign failure, after which the server's own retry timer asks again, which costs the history nothing: after
 * `askAgainMs`, and then when the job has waited twice as long as before, six times as late at most.
 */
export function createEnqueue({ workflows }: { readonly workflows: Pick<WorkflowClient, 'signalWithStart'> }) {
  return async function enqueue(job: AskingJob, askAgainMs: number): Promise<never> {
    await workflows.signalWithStart(ADMISSION, {
      ...{ workflowId: ADMISSION, taskQueue: TASK_QUEUE, args: [], priority: FIRST },
      ...{ signal: ENQUEUE_SIGNAL, signalArgs: [job] },
    });
    throw ApplicationFailure.create({
      message: 'it is not yet the turn of this job',
      type: 'Queued',
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: untilAskingMs(activityInfo(), askAgainMs),
    });
  };
}
