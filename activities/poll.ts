import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { createCloserLook } from '../cluster/closer-look.ts';
import { signatureOf } from '../cluster/edges.ts';
import { createLook } from '../cluster/look.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import type { ActivityDeps, Watches } from './deps.ts';
import { restMs } from './rest.ts';

/** What looking needs. */
interface PollDeps extends Pick<ActivityDeps, 'cluster'> {
  readonly watches?: Pick<Watches, 'shows' | 'areTold'>;
}

/**
 * Reads the truth from the watches of this process, or else from the cluster. When it is what the workflow knows already, it says so by a
 * benign failure: the server's own retry timer then asks again after the synchronization interval, which costs the history nothing however
 * long the job runs. Where the watches answer, and changes are signalled, it asks ever more seldom. What only events tell of a pod that does
 * not start, no watch shows: they are read. Whoever says nothing of what he knows
 * gets what the cluster itself answers.
 */
export function createPoll({ cluster, watches }: PollDeps) {
  const look = createLook(cluster);
  const lookCloser = createCloserLook(cluster);
  return async function poll(ref: JobRef, role: JobRole, known?: Observation): Promise<Observation> {
    const shown = known && watches?.shows(ref, role);
    const observation = shown === undefined ? await look(ref, role) : await lookCloser(ref, shown);
    if (known === undefined || signatureOf(observation) !== signatureOf(known)) return observation;
    const delayMs = shown !== undefined && watches?.areTold() === true ? restMs(activityInfo()) : undefined;
    throw ApplicationFailure.create({
      message: `nothing new: ${role} is ${observation.stage}`,
      type: 'Unchanged',
      category: ApplicationFailureCategory.BENIGN,
      ...(delayMs !== undefined && { nextRetryDelay: delayMs }),
    });
  };
}
