import type { V1Container, V1Job, V1JobSpec, V1ObjectMeta, V1Pod } from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { refIn, rolesIn } from './names.ts';
import { statusesOf } from './pod.ts';
import { epochMs } from './time.ts';
import type { WatchedObject } from './watch-stream.ts';

/** What a watched object says of itself. */

/** A Job without what is large and nobody reads: thousands of them are kept. */
export function slimJob({ metadata, spec, ...job }: V1Job): V1Job {
  const { template: _, ...rest } = spec ?? {};
  return { ...job, metadata: slimMetadata(metadata), spec: rest as V1JobSpec };
}

/** A pod without what is large and nobody reads. */
export function slimPod({ metadata, spec, ...pod }: V1Pod): V1Pod {
  const { volumes: _, tolerations: __, ...rest } = spec ?? { containers: [] };
  const initContainers = rest.initContainers?.map(slimContainer);
  const containers = rest.containers.map(slimContainer);
  return {
    ...pod,
    metadata: slimMetadata(metadata),
    spec: { ...rest, ...(initContainers && { initContainers }), containers },
  };
}

function slimContainer({ env: _, volumeMounts: __, command: ___, args: ____, ...container }: V1Container): V1Container {
  return container;
}

function slimMetadata({ managedFields: _, ...metadata }: V1ObjectMeta = {}): V1ObjectMeta {
  return metadata;
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
