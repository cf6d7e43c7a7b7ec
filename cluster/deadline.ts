import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { ranLongerThan } from '../workflows/reasons.ts';
import { epochMs } from './time.ts';

/** How much later than at the deadline of a task its node ends it: by as much as times in whole seconds may be wrong. */
export const PROOF_SECONDS = 1;

/** True when the container ran until its node ended it at its deadline, whatever it said then. */
export function ranTooLong(status: V1ContainerStatus, pod: V1Pod): boolean {
  const { startedAt, finishedAt, reason } = status.state?.terminated ?? {};
  const ranMs = (epochMs(finishedAt) ?? 0) - (epochMs(startedAt) ?? Infinity);
  return reason !== 'OOMKilled' && ranMs >= probedAfterSeconds(status, pod) * 1000;
}

/** What is said of a container that {@link ranTooLong}. */
export function tooLong(status: V1ContainerStatus, pod: V1Pod): string {
  return ranLongerThan(probedAfterSeconds(status, pod) - PROOF_SECONDS);
}

/** After how long the container's only probe lets the node end it; Infinity when it has none. */
function probedAfterSeconds({ name }: V1ContainerStatus, { spec }: V1Pod): number {
  return spec?.containers.find((container) => container.name === name)?.livenessProbe?.initialDelaySeconds ?? Infinity;
}
