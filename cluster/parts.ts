/** Which containers of a pod play a role: all of them, unless the pod plays both. Pure functions of what the cluster shows. */
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { ContainerRole, JobPhase, JobRole } from '../workflows/contract.ts';
import { roleOf, rolesIn } from './names.ts';
import { statusesOf } from './pod.ts';

/** True when the pod downloads, runs and uploads. */
export function playsBothRoles({ metadata }: V1Pod): boolean {
  return rolesIn(metadata?.labels).length > 1;
}

/** What the node says of each container that plays `role`, in the order in which they run. */
export function statusesIn(role: JobRole, pod: V1Pod): V1ContainerStatus[] {
  const statuses = statusesOf(pod);
  return playsBothRoles(pod) ? statuses.filter(({ name }) => roleOf(name as ContainerRole) === role) : statuses;
}

/** What the node says of each container that has to end before the main one of the role runs. */
export function statusesBefore(role: JobRole, pod: V1Pod): V1ContainerStatus[] {
  const ofRole = new Set(statusesIn(role, pod));
  return (pod.status?.initContainerStatuses ?? []).filter((status) => ofRole.has(status) && status.name !== role);
}

/** The container that a role is about. */
export function mainStatus(role: JobRole, pod: V1Pod): V1ContainerStatus | undefined {
  return statusesOf(pod).find(({ name }) => name === role);
}

/** The first container of a role that has ended with another code than 0. */
export function failedContainer(role: JobRole, pod: V1Pod): V1ContainerStatus | undefined {
  return statusesIn(role, pod).find(({ state }) => state?.terminated !== undefined && state.terminated.exitCode !== 0);
}

/** True when the upload runs in the pod, or ran. */
export function hasUploadBegun(pod: V1Pod): boolean {
  const { running, terminated } = mainStatus('cleanup', pod)?.state ?? {};
  return running !== undefined || terminated !== undefined;
}

/** True of the upload of a pod whose earlier containers have failed: it never begins. */
export function isShutOut(role: JobRole, pod: V1Pod): boolean {
  return (
    role === 'cleanup' && playsBothRoles(pod) && failedContainer('task', pod) !== undefined && !hasUploadBegun(pod)
  );
}

/** What a job does while the pod of a role has not started. */
export function startPhaseOf(role: JobRole): JobPhase {
  return role === 'task' ? 'starting' : 'uploading';
}
