import type { Job } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import type { ActivityDeps } from './deps.ts';
import { fateOf } from './fate.ts';
import { createRecord } from './record.ts';
import { freeSlots } from './slots.ts';
import { listUnfollowed } from './unfollowed.ts';
import type { Unfollowed } from './unfollowed.ts';

/** What was done about the mirror. */
export interface Healed {
  /** Jobs that were mirrored as going on and have ended. */
  readonly healed: number;
  /** Jobs whose workflows were ended by force or are forgotten, and that have no end yet; some of them when they are many. */
  readonly abandoned: readonly JobRef[];
  /** Ids of jobs that are mirrored as going on, and of which nobody knows what became; some of them when they are many. */
  readonly endless: readonly string[];
  /** Jobs that had ended and still held a place of those that may go at one time; absent when nobody has looked. */
  readonly freed?: number;
}

/** At most so many rows are written in one run; the rest is for the next. */
const MAX_HEALED = 100;
/** At most so many are ended in one run, for that is more work. */
const MAX_ABANDONED = 20;
/** At most so many are told by id, so that the result fits into a history. */
const MAX_TOLD = 100;

type HealDeps = Pick<ActivityDeps, 'workflows' | 'bucket' | 'store' | 'cluster' | 'graceMs' | 'inFlight'>;

/**
 * Gives the rows of the mirror that go on without a workflow the end of their job: from the workflow that has closed, or from the
 * record in the bucket. Names those whose workflow was ended by force. A row whose end nobody knows is left as it is.
 * @throws what MongoDB, Temporal, the bucket and the cluster say when they are away
 */
export function createHeal(deps: HealDeps) {
  return async function heal(nowMs: number): Promise<Healed> {
    const endless: string[] = [];
    const abandoned: JobRef[] = [];
    let healed = 0;
    for await (const { ref, row } of listUnfollowed(deps)) {
      const fate = await fateOf(deps, ref);
      if (fate.kind === 'ended') healed += await giveEnd(deps, row, fate.job);
      if (fate.kind === 'abandoned' || (fate.kind === 'forgotten' && (await isOver(deps, row, nowMs))))
        abandoned.push(ref);
      else if (fate.kind === 'forgotten') endless.push(ref.id);
      if (healed >= MAX_HEALED || abandoned.length >= MAX_ABANDONED) break;
    }
    const freed = await freeSlots(deps);
    return { healed, abandoned, endless: endless.slice(0, MAX_TOLD), ...(freed !== undefined && { freed }) };
  };
}

/**
 * True when nobody works any more on a job that Temporal does not know: it is old, and has nothing on the cluster. What it had is gone
 * by then, unless another deployment has made it, which may know of the job.
 */
async function isOver({ cluster, graceMs }: HealDeps, row: Unfollowed['row'], nowMs: number): Promise<boolean> {
  return row !== undefined && row.created + graceMs <= nowMs && (await cluster.listObjects(row)).length === 0;
}

/** Where the mirror has a state of before under the same revision, the end gets a later one. */
async function giveEnd(deps: HealDeps, row: Unfollowed['row'], end: Job): Promise<number> {
  if (row === undefined || row.revision < end.revision) return (await deps.store.record(end)) === 'written' ? 1 : 0;
  await createRecord(deps)({ ...end, revision: row.revision + 1 });
  return 1;
}
