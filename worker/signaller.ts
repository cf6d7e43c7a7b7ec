import { WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowClient } from '@temporalio/client';
import type { Logger } from 'pino';
import type { OnObservation } from '../cluster/view.ts';
import { createQueues } from '../promises.ts';
import { OBSERVED_SIGNAL, workflowIdOf } from '../workflows/contract.ts';

/**
 * Hands observations to the workflows they are about, those of one job in order. A signal that cannot be sent is not kept:
 * the workflow's own look at the cluster comes in time.
 */
export function createSignaller(client: WorkflowClient, logger: Logger): OnObservation {
  const inTurn = createQueues();

  const send: (...args: Parameters<OnObservation>) => Promise<void> = async (jobName, observation) => {
    try {
      await client.getHandle(workflowIdOf(jobName)).signal(OBSERVED_SIGNAL, observation);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      logger.warn({ jobName, stage: observation.stage, reason: String(error) }, 'observation not delivered');
    }
  };

  return (jobName, observation) => void inTurn(jobName, () => send(jobName, observation));
}
