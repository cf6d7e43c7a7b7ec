import type { Resources } from '../workflows/parameters.ts';
import { isNoLimit, parseQuantity } from './quantity.ts';

/** The node's own disk, as far as a container may fill it: its root file system, its logs, and the pod's scratch folders. */
export const EPHEMERAL_STORAGE = 'ephemeral-storage';

/**
 * What is asked for of a container that has a limit only. Without it Kubernetes would ask for as much as the limit is, and the pod would
 * wait for a node that has so much to give away; nodes that do not measure their disks have none.
 */
export const NO_REQUEST = '0';

/** The resources with a limit of ephemeral storage: `standard`, unless they have one or ask for more. */
export function withEphemeralStorage({ limits, requests }: Resources, standard: string): Resources {
  if (!isNoLimit(limits?.[EPHEMERAL_STORAGE])) return { ...(limits && { limits }), ...(requests && { requests }) };
  const asked = requests?.[EPHEMERAL_STORAGE] ?? NO_REQUEST;
  return {
    limits: { ...limits, [EPHEMERAL_STORAGE]: larger(standard, asked) },
    requests: { ...requests, [EPHEMERAL_STORAGE]: asked },
  };
}

function larger(a: string, b: string): string {
  return (parseQuantity(b) ?? 0n) > (parseQuantity(a) ?? 0n) ? b : a;
}
