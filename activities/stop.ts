import { isPermanent } from '../cluster/errors.ts';
import type { ContainerRole, JobRole, LogObjects } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { DEFAULT_GRACE_SECONDS } from '../workflows/parameters.ts';
import { askForDeletion } from './delete.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';
import { keepEach, listenTo, logsOf, removePieces } from './logs.ts';
import type { LogSource } from './logs.ts';
import { inTries } from './tries.ts';

/** A node may need so long beside the grace of a container to end it; one that is silent does not end it at all. */
const NODE_MS = 10_000;

/** What asking takes beside listening. */
const ASK_MS = 15_000;

type StopDeps = Pick<ActivityDeps, 'cluster' | 'readLog' | 'readStampedLog' | 'bucket' | 'watches'>;

/**
 * Ends a pod whose containers may still run, and keeps their logs: what they have said is safe before the pod is asked to go, and
 * what they say until their end takes its place. `graceMs` is how long a container has from its SIGTERM on.
 */
export function createStop(deps: StopDeps) {
  return async function stop(
    ref: JobRef,
    role: JobRole,
    podName: string,
    containers: readonly ContainerRole[],
    isEarlier = false,
    graceMs = DEFAULT_GRACE_SECONDS * 1000,
  ): Promise<LogObjects> {
    const source = logsOf(deps, ref, role, podName, isEarlier);
    const listenMs = graceMs + NODE_MS;
    const stopIt = () => stopAndListen(deps, ref, role, source, containers, listenMs);
    return await heartbeating(inTries(stopIt, listenMs + ASK_MS));
  };
}

/**
 * Keeps each log, then asks the pod to go and listens to its last word for `listenMs` at most. May be repeated: a log that is kept
 * stays kept, and is told of.
 */
export async function stopAndListen(
  deps: StopDeps,
  ref: JobRef,
  role: JobRole,
  source: LogSource,
  containers: readonly ContainerRole[],
  listenMs: number,
): Promise<LogObjects> {
  const kept = await keepEach(deps, source, containers, false);
  const speaking = Object.keys(kept) as ContainerRole[];
  const silence = new AbortController();
  const listen = (container: ContainerRole) => listenTo(deps, source, container, silence.signal);
  const listeners = await Promise.allSettled(speaking.map(listen));
  try {
    await askForDeletion(deps.cluster, await deps.cluster.listObjects(ref, role));
  } catch (error) {
    silence.abort();
    // The step `delete` asks on until the cluster lets go.
    if (isPermanent(error)) return kept;
    throw error;
  }
  const timer = setTimeout(() => silence.abort(), listenMs);
  const heard = listeners.filter((listener) => listener.status === 'fulfilled').map(({ value }) => value.untilEnd());
  // The last words are a gain, not a condition: the log up to here is kept.
  await Promise.allSettled(heard);
  clearTimeout(timer);
  await removePieces(deps, source);
  return kept;
}
