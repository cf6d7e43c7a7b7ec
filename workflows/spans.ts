import { JOB_PHASES } from './contract.ts';
import type { JobPhase, PhaseTimes } from './contract.ts';

/** A phase, and for how long it lasted so far. Times are epoch milliseconds. */
export interface Span {
  readonly phase: JobPhase;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Each phase lasts until the next one begins, the last one until `endMs`. */
export function spansOf(phaseTimes: PhaseTimes, endMs: number): Span[] {
  const begun = Object.entries(phaseTimes) as [JobPhase, number][];
  const inOrder = begun.toSorted(([a, aMs], [b, bMs]) => aMs - bMs || JOB_PHASES.indexOf(a) - JOB_PHASES.indexOf(b));
  return inOrder.map(([phase, fromMs], index) => ({ phase, fromMs, toMs: inOrder[index + 1]?.[1] ?? endMs }));
}
