import type { WorkflowClient } from '@temporalio/client';
import type { ActivityDeps } from './deps.ts';
import { findOpenJob, listOpenJobs } from './open-jobs.ts';
import { createJudge, isOwnedBy } from './orphans.ts';
import type { Thing, ThingKind } from './orphans.ts';
import { listThings } from './things.ts';
import type { Removable } from './things.ts';

/** What a sweep did and saw. */
export interface Swept {
  /** Names of what was removed, by kind; kinds of which nothing was are absent. */
  readonly removed: Readonly<Partial<Record<ThingKind, readonly string[]>>>;
  /** How many things that nobody owns are left for the next run. */
  readonly left: number;
  /** What could not be removed, and why; some of it when it is much. */
  readonly refused: readonly string[];
  /** What is being deleted for longer than the grace; some of it when it is much. */
  readonly stuck: readonly Stuck[];
  /** What is as old and of no job of ours, but not marked as made by this deployment: it is left. */
  readonly foreign: Foreign;
}

/** Things that may be another deployment's. */
interface Foreign {
  readonly count: number;
  /** Some of them, when they are many. */
  readonly names: readonly string[];
}

/** An object whose deletion was asked for and does not come to an end, and who must still let go of it. */
interface Stuck {
  readonly kind: ThingKind;
  readonly name: string;
  readonly finalizers: readonly string[];
}

/** At most about so many things are removed in one run: should we be wrong, there is time to stop us. */
const MAX_REMOVED = 100;
/** At most so many are told by name, so that the result fits into a history. */
const MAX_TOLD = 100;
const CONCURRENCY = 10;

interface SweepDeps extends Pick<ActivityDeps, 'cluster' | 'bucket' | 'instance' | 'graceMs'> {
  readonly workflows: Pick<WorkflowClient, 'list' | 'getHandle'>;
}

/**
 * Removes what jobs of this deployment have left on the cluster and in the bucket: what is older than the grace and of no open
 * workflow. Nothing is removed unless the cluster, the bucket and Temporal have all answered.
 * @throws what they say when they are away
 */
export function createSweep({ cluster, bucket, workflows, instance, graceMs }: SweepDeps) {
  return async function sweep(nowMs: number): Promise<Swept> {
    const things = await listThings(cluster, bucket);
    // After the things: a job that begins meanwhile is in this list, or its things are younger than the grace.
    const judge = createJudge(await listOpenJobs(workflows), nowMs, { instance, graceMs });
    const { orphaned = [], stuck = [], foreign = [] } = Object.groupBy(things, judge);
    const { removed, refused } = await removeSome(workflows, orphaned);
    return {
      removed: namesByKind(removed),
      left: orphaned.length - removed.length,
      refused: refused.slice(0, MAX_TOLD),
      stuck: stuck.slice(0, MAX_TOLD).map(({ kind, name, finalizers = [] }) => ({ kind, name, finalizers })),
      foreign: { count: foreign.length, names: foreign.slice(0, MAX_TOLD).map(({ kind, name }) => `${kind} ${name}`) },
    };
  };
}

/** What cannot be removed does not count, and stops nothing else. */
async function removeSome(workflows: SweepDeps['workflows'], orphans: readonly Removable[]) {
  const removed: Thing[] = [];
  const refused: string[] = [];
  for (let at = 0; at < orphans.length && removed.length < MAX_REMOVED; at += CONCURRENCY) {
    const group = orphans.slice(at, at + CONCURRENCY);
    const results = await Promise.allSettled(group.map((thing) => removeUnlessOwned(workflows, thing)));
    removed.push(...results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])));
    refused.push(...results.flatMap((result) => (result.status === 'rejected' ? String(result.reason) : [])));
  }
  return { removed, refused };
}

/** A list may lack a workflow; the workflow itself is asked last. Returns what was removed: none when it is owned after all. */
async function removeUnlessOwned(workflows: SweepDeps['workflows'], thing: Removable): Promise<Thing[]> {
  const owner = thing.jobName === undefined ? undefined : await findOpenJob(workflows, thing.jobName);
  if (owner !== undefined && isOwnedBy(thing, owner)) return [];
  await thing.remove();
  return [thing];
}

function namesByKind(things: readonly Thing[]): Swept['removed'] {
  const groups = Object.entries(Object.groupBy(things, ({ kind }) => kind));
  return Object.fromEntries(groups.map(([kind, group]) => [kind, group.map(({ name }) => name)]));
}
