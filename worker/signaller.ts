import type { WorkflowClient } from '@temporalio/client';
import type { Logger } from 'pino';
import type { OnObservation } from '../cluster/view.ts';
import { createQueues } from '../promises.ts';
import { isForgotten } from '../temporal.ts';
import { OBSERVED_SIGNAL, workflowIdOf } from '../workflows/names.ts';
import type { Observation } from '../workflows/observation.ts';

/** What became of a signal; `closed` when its workflow has ended. */
export type SignalOutcome = 'delivered' | 'closed' | 'failed';

/**
 * Hands observations to the workflows they are about, those of one job in order. A signal that cannot be sent is not kept:
 * the workflow's own look at the cluster comes in time.
 */
export function createSignaller(
  client: WorkflowClient,
  logger: Logger,
  onSent: (outcome: SignalOutcome) => void,
): OnObservation {
  const inTurn = createQueues();

  const send = async (jobName: string, observation: Observation): Promise<SignalOutcome> => {
    try {
      await client.getHandle(workflowIdOf(jobName)).signal(OBSERVED_SIGNAL, observation);
      return 'delivered';
    } catch (error) {
      if (isForgotten(error)) return 'closed';
      logger.warn({ jobName, stage: observation.stage, reason: String(error) }, 'observation not delivered');
      return 'failed';
    }
  };

  return (jobName, observation) => void inTurn(jobName, async () => onSent(await send(jobName, observation)));
}
