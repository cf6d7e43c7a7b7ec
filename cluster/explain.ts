import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { statusesOf } from './pod.ts';
import { epochMs } from './time.ts';

/**
 * Why a pod that has not started waits, in the cluster's own words: what the scheduler says, else what the kubelet says of
 * a container, else the newest event. Undefined when the cluster says nothing.
 */
export function explainStart(pod: V1Pod | undefined, events: readonly CoreV1Event[]): string | undefined {
  return schedulerMessage(pod) ?? waitingMessage(pod) ?? newestMessage(events);
}

/** The newest complaint about a pod, or about a Job that has no pod: what is told, but for the ordinary course of things. */
export function complaintOf(pod: V1Pod | undefined, events: readonly CoreV1Event[]): string | undefined {
  return explainStart(
    pod,
    events.filter(({ type }) => type === 'Warning'),
  );
}

/**
 * What the kubelet said of a pull that has begun and not ended; undefined when there is none. Of each container it tells the begin
 * and the end, in seconds.
 */
export function pullUnderWay(events: readonly CoreV1Event[]): string | undefined {
  return events.find((event) => event.reason === 'Pulling' && !events.some((other) => ends(event, other)))?.message;
}

/** Name of the pod that a Job made, as the events of the Job tell; undefined when they do not, or not any more. */
export function createdPodOf(events: readonly CoreV1Event[]): string | undefined {
  const created = events.find(({ reason }) => reason === 'SuccessfulCreate');
  return /^Created pod: (\S+)$/.exec(created?.message ?? '')?.[1];
}

/** Why the cluster did not let a Job make its pod, as it said last; undefined when it did, or does not tell. */
export function refusedPodOf(events: readonly CoreV1Event[]): string | undefined {
  return newestMessage(events.filter(({ reason }) => reason === 'FailedCreate'));
}

/** True of what the kubelet notes when it is asked to stop a container that runs. */
export function isStopOf(container: string, { reason, involvedObject }: CoreV1Event): boolean {
  const paths = [`spec.containers{${container}}`, `spec.initContainers{${container}}`];
  return reason === 'Killing' && paths.includes(involvedObject.fieldPath ?? '');
}

function ends(pull: CoreV1Event, other: CoreV1Event): boolean {
  const isOfSame = other.involvedObject.fieldPath === pull.involvedObject.fieldPath;
  return other.reason !== 'Pulling' && isOfSame && timeOf(other) >= timeOf(pull);
}

function schedulerMessage(pod: V1Pod | undefined): string | undefined {
  return pod?.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')?.message;
}

/** A container that is only being created has no message of its own. */
function waitingMessage(pod: V1Pod | undefined): string | undefined {
  const waiting = statusesOf(pod)
    .map(({ state }) => state?.waiting)
    .find((state) => state?.message);
  return waiting && `${waiting.reason ?? 'Waiting'}: ${waiting.message}`;
}

function newestMessage(events: readonly CoreV1Event[]): string | undefined {
  return events.toSorted((a, b) => timeOf(b) - timeOf(a))[0]?.message;
}

/** Newer clusters write `eventTime`, older ones `lastTimestamp`. */
function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return epochMs(lastTimestamp ?? eventTime ?? metadata.creationTimestamp) ?? 0;
}
