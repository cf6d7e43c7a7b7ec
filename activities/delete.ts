import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';
import type { Cluster, ObjectRef } from '../cluster/client.ts';
import { StillThereError } from '../cluster/errors.ts';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';

const FIRST_LOOK_MS = 50;
const LAST_LOOK_MS = 1_000;

/** One attempt looks for so long; the next goes on from there. */
const PATIENCE_MS = 60_000;

/**
 * Deletes everything that a job has on the cluster, the Jobs before their pods and claims, and returns only when the cluster says
 * that nothing is left: no Job, no pod, no claim. With `role` only that role's Job and pods.
 * @throws StillThereError (retried) naming what is still there
 */
export function createDelete({ cluster }: ActivityDeps) {
  return async function deleteObjects(ref: JobRef, role?: JobRole): Promise<void> {
    const asked = new Set<string>();
    const endMs = Date.now() + PATIENCE_MS;
    for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 1.5, LAST_LOOK_MS)) {
      const left = await cluster.listObjects(ref, role);
      if (left.length === 0) return;
      if (Date.now() > endMs) throw new StillThereError(left.map(({ kind, name }) => `${kind} ${name}`));
      await askForDeletion(cluster, left, asked);
      heartbeat();
      await sleep(waitMs);
    }
  };
}

/** Jobs first: a Job whose pod vanished might make another. What is in `asked` already is not asked again. */
export async function askForDeletion(
  cluster: Cluster,
  objects: readonly ObjectRef[],
  asked = new Set<string>(),
): Promise<void> {
  const pending = objects.filter(({ uid }) => !asked.has(uid));
  const [jobs, others] = [pending.filter(({ kind }) => kind === 'Job'), pending.filter(({ kind }) => kind !== 'Job')];
  for (const group of [jobs, others]) {
    await Promise.all(group.map((object) => cluster.deleteObject(object)));
    group.forEach(({ uid }) => asked.add(uid));
  }
}
