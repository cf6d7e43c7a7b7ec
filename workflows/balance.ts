import type { Balance } from '../activities/report.ts';
import type { Reconciled } from './reconcile.ts';

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
