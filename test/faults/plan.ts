import fc from 'fast-check';
import { EVERY_FAULT, targetOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { JOB_KINDS } from './jobs.ts';
import type { JobKind } from './jobs.ts';

/** Faults that begin together, and are healed together. */
export interface Round {
  readonly faults: readonly Fault[];
  /** How long the faults last. */
  readonly holdMs: number;
  /** How long the world is left alone afterwards. */
  readonly calmMs: number;
}

/** A job of the mix, and when it is sent, counted from the start. */
export interface PlannedJob {
  readonly kind: JobKind;
  readonly afterMs: number;
}

/** All that is up to chance in a run: the same for the same seed. */
export interface Plan {
  readonly rounds: readonly Round[];
  readonly jobs: readonly PlannedJob[];
}

const JOBS_PER_MINUTE = 8;
const SHORTEST_ROUND_MS = 5_000;
/** A process is started anew for another clock, and has nothing to do with it until it is ready. */
const RESTART_MS = 10_000;

/** The plan of a run of `durationMs`. Every fault comes once before one comes again. */
export function planOf(seed: number, durationMs: number): Plan {
  const roundCount = Math.ceil(durationMs / SHORTEST_ROUND_MS);
  const jobCount = Math.ceil((durationMs / 60_000) * JOBS_PER_MINUTE);
  const everyFault = fc.shuffledSubarray([...EVERY_FAULT], { minLength: EVERY_FAULT.length });
  const arbitrary = fc.record({
    orders: fc.array(everyFault, exactly(Math.ceil((2 * roundCount) / EVERY_FAULT.length))),
    rounds: fc.array(roundArbitrary, exactly(roundCount)),
    jobs: fc.array(fc.noBias(fc.nat(durationMs)), exactly(jobCount)),
    kinds: fc.array(fc.shuffledSubarray([...JOB_KINDS], { minLength: JOB_KINDS.length }), exactly(jobCount)),
  });
  const [drawn] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error('no plan was drawn');
  const { orders, rounds, jobs, kinds } = drawn;
  return { rounds: dealtOut(orders.flat(), rounds), jobs: timed(jobs, kinds.flat()) };
}

const roundArbitrary = fc.record({
  // Two at once is where the untested orders are; more would only be a longer outage.
  faultCount: fc.constantFrom(1, 2, 2),
  holdMs: fc.noBias(fc.integer({ min: 1_000, max: 15_000 })),
  calmMs: fc.noBias(fc.integer({ min: 1_000, max: 8_000 })),
});

function exactly(count: number): { minLength: number; maxLength: number } {
  return { minLength: count, maxLength: count };
}

function dealtOut(
  faults: readonly Fault[],
  rounds: readonly { faultCount: number; holdMs: number; calmMs: number }[],
): Round[] {
  let dealt = 0;
  return rounds.map(({ faultCount, holdMs, calmMs }) => {
    const ofRound = together(faults.slice(dealt, dealt + faultCount));
    dealt += ofRound.length;
    const isClock = ofRound.some(({ target }) => target === 'clock');
    return { faults: ofRound, holdMs: holdMs + (isClock ? RESTART_MS : 0), calmMs };
  });
}

/** A process or a link has one fault at a time: the other one waits for the next round. */
function together(faults: readonly Fault[]): readonly Fault[] {
  return new Set(faults.map(targetOf)).size === faults.length ? faults : faults.slice(0, 1);
}

function timed(times: readonly number[], kinds: readonly JobKind[]): PlannedJob[] {
  return times
    .toSorted((a, b) => a - b)
    .flatMap((afterMs, index) => {
      const kind = kinds[index];
      return kind === undefined ? [] : [{ kind, afterMs }];
    });
}
