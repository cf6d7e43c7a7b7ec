import type { InFlightLimits } from '../workflows/contract.ts';
import type { ActivityDeps } from './deps.ts';

/** How many jobs may go at one time, as this worker was told when it started. */
export function createLimits({ inFlight = {} }: Pick<ActivityDeps, 'inFlight'>) {
  return function limits(): Promise<InFlightLimits> {
    return Promise.resolve(inFlight);
  };
}
