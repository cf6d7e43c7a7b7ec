/**
 * How far each figure may go. A ratio is ours over the peer's, of the same run: it does not depend on the machine as times do.
 * A figure is never moved out of the way: what cannot be met is told in docs/performance.md with what limits it.
 */
export const BOUNDS = {
  'one job, sent to succeeded': { most: 1.05 },
  'twenty jobs at once, sent to succeeded': { most: 1.05 },
  'one job in one pod, sent to succeeded': { most: 1.1 },
  'twenty jobs at once in one pod, sent to succeeded': { most: 1.1 },
  'twenty jobs at once in one pod, over those with claims': { most: 0.65 },
  'kill of a task that ends when it is told to': { most: 1.1 },
  'kill of a task that has to be killed': { most: 1.1 },
  'kill in one pod of a task that ends when it is told to': { most: 1.1 },
  'kill in one pod of a task that has to be killed': { most: 1.1 },
  'requests to the API server for one job': { most: 12 },
  'the same for a job of more than a minute': { most: 12 },
  'Temporal events of one job': { most: 60 },
  'requests to the API server for one job in one pod': { most: 6 },
  'the same for a job in one pod of more than a minute': { most: 6 },
  'Temporal events of one job in one pod': { most: 45 },
  'jobs accepted in a second, twenty at a time': { least: 0.7 },
  'the slowest of a hundred answers, at half of that rate': { most: 150 },
  'list of the running jobs, the slowest but one of twenty': { most: 1.3 },
  'a gigabyte sent in': { least: 0.8 },
  'a gigabyte got out': { least: 0.8 },
  'memory of the API meanwhile': { most: 150 },
  'the slowest probe of the API during hostile requests': { most: 100 },
  'memory of the API during hostile requests': { most: 256 },
  'a gigabyte into a pod, unpacked': { least: 0.8 },
  'a gigabyte out of a pod, packed': { least: 0.8 },
  'memory of the transfer meanwhile': { most: 150 },
  'jobs in a second, sent to succeeded': { least: 0.8 },
  'the same, the cluster on a core of its own': { least: 0.8 },
  'end of a container to a waiting client, the slowest of a hundred': { most: 300 },
  'memory of API and worker, all jobs running': { most: 700 },
  'CPU of API and worker at rest, all jobs running': { most: 5 },
  'requests to the API server at rest, all jobs running': { most: 2 },
  'requests to the API server at rest, a tenth running': { most: 2 },
  'growth of memory with the jobs': { most: 1 },
  'growth of CPU with the jobs': { most: 1 },
  'growth of requests with the jobs': { most: 1 },
  'answers to a burst that are neither 2xx nor 429': { most: 0 },
  'accepted jobs of a burst that are not there': { most: 0 },
  'memory of API and worker at the end of a burst, over its beginning': { most: 1.2 },
  'jobs of one owner that went before one that came earlier, at most': { most: 100 },
  'jobs in a second by two slow workers, over one': { least: 1.7 },
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
