import type { Healed } from '../activities/heal.ts';
import type { Balance } from '../activities/report.ts';
import type { Swept } from '../activities/sweep.ts';
import type { Finished } from './finish.ts';

/** What one run did and saw. */
export type Reconciled = Swept & Omit<Healed, 'abandoned'> & Finished;

/** What a run did and saw, in numbers. */
export function balanceOf(run: Reconciled): Balance {
  const removed = Object.values(run.removed).reduce((sum, names) => sum + names.length, 0);
  const repaired = removed + run.healed + run.finished.length;
  return {
    found: repaired + run.left + run.unfinished.length + run.endless.length,
    repaired,
    stuck: run.stuck.length + run.refused.length + run.unfinished.length,
    foreign: run.foreign.count,
  };
}
