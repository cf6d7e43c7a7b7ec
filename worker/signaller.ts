import type { WorkflowClient } from '@temporalio/client';
import type { Logger } from 'pino';
import { pause } from '../cluster/time.ts';
import type { OnObservation } from '../cluster/view.ts';
import { createQueues } from '../promises.ts';
import { isForgotten } from '../temporal.ts';
import { OBSERVED_SIGNAL, workflowIdOf } from '../workflows/names.ts';
import type { Observation } from '../workflows/observation.ts';

/** Waits between two tries of a signal: each doubles the one before, up to the last. */
const FIRST_BACKOFF_MS = 250;
const LAST_BACKOFF_MS = 10_000;

/** What became of a try to signal; `closed` when its workflow has ended. */
export type SignalOutcome = 'delivered' | 'closed' | 'failed';

/**
 * Hands observations to the workflows they are about, those of one job in order. Each is sent until it is delivered or its workflow has
 * ended, as the workflow looks at the cluster by itself ever more seldom; or until `signal` aborts: whoever tells next tells all anew.
 */
export function createSignaller(
  client: Pick<WorkflowClient, 'getHandle'>,
  logger: Logger,
  onSent: (outcome: SignalOutcome) => void,
  signal: AbortSignal,
): OnObservation {
  const inTurn = createQueues();

  const send = async (jobName: string, observation: Observation, isFirst: boolean): Promise<SignalOutcome> => {
    try {
      await client.getHandle(workflowIdOf(jobName)).signal(OBSERVED_SIGNAL, observation);
      return 'delivered';
    } catch (error) {
      if (isForgotten(error)) return 'closed';
      const reason = String(error);
      if (isFirst) logger.warn({ jobName, stage: observation.stage, reason }, 'observation not delivered, sent again');
      return 'failed';
    }
  };
  const deliver = async (jobName: string, observation: Observation): Promise<void> => {
    for (let backoffMs = FIRST_BACKOFF_MS; !signal.aborted; backoffMs = Math.min(2 * backoffMs, LAST_BACKOFF_MS)) {
      const outcome = await send(jobName, observation, backoffMs === FIRST_BACKOFF_MS);
      onSent(outcome);
      if (outcome !== 'failed') return;
      await pause(backoffMs, signal);
    }
  };

  return (jobName, observation) => void inTurn(jobName, () => deliver(jobName, observation));
}
