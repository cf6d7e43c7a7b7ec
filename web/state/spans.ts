/** How long each phase of a job lasted. */
import { JOB_PHASES } from '../../workflows/contract.ts';
import type { Job } from '../../client/types.ts';

/** A phase, and for how long it lasted so far. */
export interface Span {
  readonly phase: Job['phase'];
  readonly fromMs: number;
  readonly toMs: number;
}

/** Each phase lasts until the next one begins, the last one until now or its end. */
export function spansOf(job: Job, nowMs: number): Span[] {
  const begun = Object.entries(job.phase_times ?? {}) as [Job['phase'], number][];
  const inOrder = begun.toSorted(([a, aMs], [b, bMs]) => aMs - bMs || JOB_PHASES.indexOf(a) - JOB_PHASES.indexOf(b));
  return inOrder.map(([phase, fromMs], index) => ({
    phase,
    fromMs,
    toMs: inOrder[index + 1]?.[1] ?? job.stop_time ?? nowMs,
  }));
}
