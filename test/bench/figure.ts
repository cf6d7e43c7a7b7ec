import { BOUNDS, isWithin } from './bounds.ts';
import type { Bound, FigureName } from './bounds.ts';
import type { Measure, Run, Unit } from './measure.ts';

/** What came of a measure. */
export interface Figure {
  readonly name: FigureName;
  readonly unit: Unit;
  readonly ours: Spread;
  readonly peer?: Spread & { readonly what: string };
  /** What the bound is about: the ratios of the pairs, or without a peer the numbers themselves. */
  readonly judged: Spread;
  readonly bound: Bound;
  readonly isWithin: boolean;
  readonly runs: readonly Run[];
}

/** The middle of some numbers, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Judges the runs of a measure by the median of its pairs. Pure. */
export function figureOf({ name, unit, peer }: Omit<Measure, 'ours'>, runs: readonly Run[]): Figure {
  const bound = BOUNDS[name];
  const judged = spreadOf(runs.map((run) => (run.peer === undefined ? run.ours : run.ours / run.peer)));
  return {
    name,
    unit,
    ours: spreadOf(runs.map(({ ours }) => ours)),
    ...(peer && { peer: { what: peer.what, ...spreadOf(runs.map((run) => run.peer ?? NaN)) } }),
    judged,
    bound,
    isWithin: isWithin(bound, judged.median),
    runs,
  };
}

/** @throws Error for no numbers at all: a figure of nothing proves nothing */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('there is nothing to take a median of');
  return { median: medianOf(sorted), min, max };
}

function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}

/** The value that so many of a hundred `values` do not exceed. Pure. */
export function percentile(percent: number, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN;
}
