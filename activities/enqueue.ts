import type { WorkflowClient } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ADMISSION, ENQUEUE_SIGNAL, TASK_QUEUE } from '../workflows/names.ts';
import type { QueuedJob } from '../workflows/contract.ts';

/**
 * Asks for the job to be let go, and starts whoever decides about that, should it not be there. It never succeeds: the answer is a signal
 * to the job. "Asked" is a benign failure, after which the server's own retry timer asks again, which costs the history nothing.
 */
export function createEnqueue({ workflows }: { readonly workflows: Pick<WorkflowClient, 'signalWithStart'> }) {
  return async function enqueue(job: QueuedJob, askAgainMs: number): Promise<never> {
    await workflows.signalWithStart(ADMISSION, {
      ...{ workflowId: ADMISSION, taskQueue: TASK_QUEUE, args: [] },
      ...{ signal: ENQUEUE_SIGNAL, signalArgs: [job] },
    });
    throw ApplicationFailure.create({
      message: 'it is not yet the turn of this job',
      type: 'Queued',
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: askAgainMs,
    });
  };
}
