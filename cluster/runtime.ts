import type { V1ContainerStateTerminated } from '@kubernetes/client-node';

/** Reasons containerd and others give when a container's process could not be started at all. */
const CANNOT_START = new Set(['StartError', 'ContainerCannotRun', 'RunContainerError']);

/** Words of Go's `context`, of gRPC and of ttrpc, in which kubelet, containerd and its shims talk to each other. */
const AWAY = [
  /context (?:canceled|deadline exceeded)/i,
  /ttrpc: closed/,
  /transport is closing|connection (?:refused|reset by peer)/,
  /code = (?:Unavailable|Canceled|DeadlineExceeded)/,
];

/** True when the container's process was never there. */
export function couldNotStart(terminated: Pick<V1ContainerStateTerminated, 'reason'> | undefined): boolean {
  return CANNOT_START.has(terminated?.reason ?? '');
}

/** True when `message` is about a runtime that went away, or was too busy, and not about the container that it was to run. */
export function isRuntimeAway(message: string): boolean {
  return AWAY.some((words) => words.test(message));
}
