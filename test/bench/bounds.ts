/**
 * How far each figure may go. A ratio is ours over the peer's, of the same run: it does not depend on the machine as times do.
 * A figure is never moved out of the way: what cannot be met is told in docs/benchmarks.md with what limits it.
 */
export const BOUNDS = {
  'one job, sent to succeeded': { most: 1.05 },
  'twenty jobs at once, sent to succeeded': { most: 1.05 },
  'kill of a task that ends when it is told to': { most: 1.1 },
  'kill of a task that has to be killed': { most: 1.1 },
  'requests to the API server for one job': { most: 12 },
  'the same for a job of more than a minute': { most: 12 },
  'Temporal events of one job': { most: 60 },
  'jobs accepted in a second, twenty at a time': { least: 0.7 },
  'the slowest of a hundred answers, at half of that rate': { most: 150 },
} as const satisfies Readonly<Record<string, Bound>>;

/** The worst that is allowed. */
export interface Bound {
  readonly most?: number;
  readonly least?: number;
}

/** What is measured, in the words of the report. */
export type FigureName = keyof typeof BOUNDS;

/** True when `value` is within the bound. */
export function isWithin({ most = Infinity, least = -Infinity }: Bound, value: number): boolean {
  return value <= most && value >= least;
}

/** A bound for a person: `≤ 1.05`. */
export function boundText({ most, least }: Bound): string {
  return [most === undefined ? [] : [`≤ ${most}`], least === undefined ? [] : [`≥ ${least}`]].flat().join(', ');
}
