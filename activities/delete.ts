import { activityInfo } from '@temporalio/activity';
import type { Cluster } from '../cluster/client.ts';
import { StillThereError } from '../cluster/errors.ts';
import type { ObjectRef } from '../cluster/remains.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeat.ts';

/** More than a container has from its SIGTERM on. The cluster may be without who deletes pods: then the next attempt does. */
const FIRST_PATIENCE_MS = 15_000;

/** One attempt looks for so long; the next goes on from there. */
const PATIENCE_MS = 60_000;

/**
 * Deletes everything that a job has on the cluster, the Jobs before their pods and claims, and returns only when the cluster says
 * that nothing is left: no Job, no pod, no claim. With `role` only that role's Job and pods.
 * @throws StillThereError (retried) naming what is still there
 */
export function createDelete({ cluster }: Pick<ActivityDeps, 'cluster'>) {
  return async function deleteObjects(ref: JobRef, role?: JobRole): Promise<void> {
    const isFirst = activityInfo().attempt === 1;
    const askFor = (left: readonly ObjectRef[]) =>
      askForDeletion(cluster, isFirst ? left.filter(isToBeAskedFor) : left);
    const patience = AbortSignal.timeout(isFirst ? FIRST_PATIENCE_MS : PATIENCE_MS);
    await heartbeating(untilNoneIsLeft(cluster.followObjects(ref, role, patience), askFor, patience));
  };
}

/** The cluster deletes the pods of a Job by itself. For a node that still puts a pod away nobody waits. */
function isToBeAskedFor({ kind, lingers }: ObjectRef): boolean {
  return kind !== 'Pod' || lingers === true;
}

/**
 * Asks once for the deletion of what is left, and then waits for the cluster to say that nothing is.
 * @throws StillThereError when `patience` is over; what `remains` throws, when nothing was heard of it by then
 */
async function untilNoneIsLeft(
  remains: AsyncIterable<readonly ObjectRef[]>,
  askFor: (left: readonly ObjectRef[]) => Promise<void>,
  patience: AbortSignal,
): Promise<void> {
  let last: readonly ObjectRef[] | undefined;
  try {
    for await (const left of remains) {
      if (left.length === 0) return;
      if (last === undefined) await askFor(left);
      last = left;
    }
  } catch (error) {
    if (last === undefined || !patience.aborted) throw error;
  }
  throw new StillThereError((last ?? []).map(({ kind, name }) => `${kind} ${name}`));
}

/** Jobs first: a Job whose pod vanished might make another. */
export async function askForDeletion(cluster: Cluster, objects: readonly ObjectRef[]): Promise<void> {
  const ofJobs = (areJobs: boolean) => objects.filter(({ kind }) => (kind === 'Job') === areJobs);
  for (const group of [ofJobs(true), ofJobs(false)]) await Promise.all(group.map((it) => cluster.deleteObject(it)));
}
