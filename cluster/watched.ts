import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { refIn, rolesIn } from './names.ts';
import { statusesOf } from './pod.ts';
import { epochMs } from './time.ts';
import type { WatchedObject } from './watch-stream.ts';

/** What a watched object says of itself. */

/** Without the part that is large and that nobody reads. */
export function slim<T extends WatchedObject>(object: T): T {
  if (object.metadata) delete object.metadata.managedFields;
  return object;
}

/** When a container of these pods changed last. */
export function lastChangeMs(pods: readonly V1Pod[]): number | undefined {
  const times = pods
    .flatMap(statusesOf)
    .map(({ state }) => epochMs(state?.terminated?.finishedAt ?? state?.running?.startedAt) ?? 0);
  return times.length > 0 ? Math.max(...times) || undefined : undefined;
}

/** Whose a Job is, and what it does for it, in its order. */
export interface Owner {
  readonly ref: JobRef;
  readonly roles: readonly JobRole[];
}

/** Which job of ours a Job belongs to, as its labels say. */
export function ownerOf(job: V1Job | undefined): Owner | undefined {
  const labels = job?.metadata?.labels;
  const [ref, roles] = [refIn(labels), rolesIn(labels)];
  return ref && roles.length > 0 ? { ref, roles } : undefined;
}

/** By which the cluster knows it. */
export function uidOf(object: WatchedObject): string {
  return object.metadata?.uid ?? '';
}

/** UID of the Job that a pod belongs to; empty when there is none. */
export function jobOf(pod: V1Pod): string {
  return pod.metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.uid ?? '';
}

/** By which people know it. */
export function nameOf(object: WatchedObject | undefined): string {
  return object?.metadata?.name ?? '';
}
