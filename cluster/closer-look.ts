import type { JobRef, Observation, Trouble } from '../workflows/observation.ts';
import type { Cluster } from './client.ts';
import { refusalTrouble } from './refusal.ts';
import { claimTrouble, isBeingSetUp, setUpTrouble, waitsForClaims } from './stuck-pod.ts';

/** Adds to an observation the trouble of a start that only events tell. */
export type CloserLook = (ref: JobRef, seen: Observation) => Promise<Observation>;

type Asked = Pick<Cluster, 'listEvents' | 'listClaimEvents'>;

/** Asks the cluster for events only when `seen` leaves open why a pod does not start. */
export function createCloserLook(cluster: Asked): CloserLook {
  return async (ref, seen) => {
    const trouble = await troubleOf(cluster, ref, seen);
    return trouble === undefined ? seen : { ...seen, trouble };
  };
}

async function troubleOf(cluster: Asked, ref: JobRef, seen: Observation): Promise<Trouble | undefined> {
  const { role, jobUid = '', podUid = '' } = seen;
  if (lacksItsPod(seen)) return refusalTrouble(role, await cluster.listEvents(jobUid));
  if (isBeingSetUp(seen)) return setUpTrouble(role, await cluster.listEvents(podUid));
  return waitsForClaims(seen) ? claimTrouble(role, await cluster.listClaimEvents(ref)) : undefined;
}

/** A Job says nowhere but in its events that its pod is not admitted. */
function lacksItsPod({ stage, podUid, trouble }: Observation): boolean {
  return stage === 'pending' && podUid === undefined && trouble === undefined;
}
