/** What keeps a pod from starting that its status does not tell: the events of the pod and of its claims do. */
import type { CoreV1Event } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { Observation, Trouble } from '../workflows/observation.ts';
import { failureOf } from '../workflows/reasons.ts';
import { startPhaseOf } from './parts.ts';
import { isOutOfMemoryAtStart } from './start-error.ts';

const CLASS_HINT = 'name a storage.class that the cluster has';

/** True of a pod whose node has taken it, and whose containers wait without a cause. */
export function isBeingSetUp({ stage, podUid, nodeName, trouble }: Observation): boolean {
  return stage === 'pending' && podUid !== undefined && nodeName !== undefined && trouble === undefined;
}

/** True of a pod that no node gets as its claims have no volume. */
export function waitsForClaims({ stage, trouble }: Observation): boolean {
  const { reason, message = '' } = trouble?.failure ?? {};
  return stage === 'pending' && reason === 'Unschedulable' && /PersistentVolumeClaim/i.test(message);
}

/** The memory limit of a pod that is too low for the pod itself, as the events of the pod tell. */
export function setUpTrouble(role: JobRole, events: readonly CoreV1Event[]): Trouble | undefined {
  const isTooLow = events.some(
    ({ reason, message }) => reason === 'FailedCreatePodSandBox' && isOutOfMemoryAtStart(message),
  );
  if (!isTooLow) return undefined;
  const message = 'the memory limit is too low to start the pod';
  return { patience: 'now', failure: failureOf('OOMKilled', startPhaseOf(role), message, { container: role }) };
}

/** A storage class that does not exist, as the events of the claims tell. */
export function claimTrouble(role: JobRole, events: readonly CoreV1Event[]): Trouble | undefined {
  const told = events.find(
    ({ reason, message = '' }) =>
      reason === 'ProvisioningFailed' && /storageclass\.storage\.k8s\.io "[^"]*" not found/.test(message),
  );
  if (told === undefined) return undefined;
  const failure = failureOf('ConfigError', startPhaseOf(role), told.message ?? '', { hint: CLASS_HINT });
  return { patience: 'now', failure };
}
