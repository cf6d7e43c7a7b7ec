import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { signatureOf } from '../cluster/edges.ts';
import { createLook } from '../cluster/look.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Reads the truth from the cluster. When it is what the workflow knows already, it says so by a benign failure: the server's own
 * retry timer then asks again after the synchronization interval, which costs the history nothing however long the job runs. Whoever
 * knows nothing gets an answer in any case.
 */
export function createPoll({ cluster }: ActivityDeps) {
  const look = createLook(cluster);
  return async function poll(ref: JobRef, role: JobRole, known?: Observation): Promise<Observation> {
    const observation = await look(ref, role);
    if (known === undefined || signatureOf(observation) !== signatureOf(known)) return observation;
    throw ApplicationFailure.create({
      message: `nothing new: ${role} is ${observation.stage}`,
      type: 'Unchanged',
      category: ApplicationFailureCategory.BENIGN,
    });
  };
}
