import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
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

function ends(pull: CoreV1Event, other: CoreV1Event): boolean {
  const isOfSame = other.involvedObject.fieldPath === pull.involvedObject.fieldPath;
  return other.reason !== 'Pulling' && isOfSame && timeOf(other) >= timeOf(pull);
}

function schedulerMessage(pod: V1Pod | undefined): string | undefined {
  return pod?.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')?.message;
}

/** A container that is only being created has no message of its own. */
function waitingMessage(pod: V1Pod | undefined): string | undefined {
  const statuses = [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])];
  const waiting = statuses.map(({ state }) => state?.waiting).find((state) => state?.message);
  return waiting && `${waiting.reason ?? 'Waiting'}: ${waiting.message}`;
}

function newestMessage(events: readonly CoreV1Event[]): string | undefined {
  return events.toSorted((a, b) => timeOf(b) - timeOf(a))[0]?.message;
}

/** Newer clusters write `eventTime`, older ones `lastTimestamp`. */
function timeOf({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return epochMs(lastTimestamp ?? eventTime ?? metadata.creationTimestamp) ?? 0;
}
