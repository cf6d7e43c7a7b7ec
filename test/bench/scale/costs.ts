import type { FigureName } from '../bounds.ts';
import { figureOf } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Unit } from '../measure.ts';
import { growthExponent } from './growth.ts';
import type { Rest } from './rest.ts';

type Cost = Exclude<keyof Rest, 'jobs'>;

/** A service that asked nothing in a minute may ask in the next one. */
const LEAST: Readonly<Record<Cost, number>> = { memoryMiB: 1, cpuPercent: 0.01, requestsPerSecond: 1 / 60 };

/** The figures of what `few` and `all` jobs cost at rest, and of how it grows from the one to the other. Pure. */
export function costsOf([few, all]: readonly [few: readonly Rest[], all: readonly Rest[]]): Figure[] {
  const figure = (name: FigureName, unit: Unit, values: readonly number[]) =>
    figureOf(
      { name, unit },
      values.map((ours) => ({ ours })),
    );
  const of = (name: FigureName, unit: Unit, cost: Cost, rests: readonly Rest[]) =>
    figure(
      name,
      unit,
      rests.map((rest) => rest[cost]),
    );
  const growth = (name: FigureName, cost: Cost) =>
    figure(
      name,
      'exponent',
      all.map((rest, at) => growthOf(cost, [few[at] ?? rest, rest])),
    );
  return [
    of('memory of API and worker, all jobs running', 'MiB', 'memoryMiB', all),
    of('CPU of API and worker at rest, all jobs running', 'percent', 'cpuPercent', all),
    of('requests to the API server at rest, all jobs running', 'rate', 'requestsPerSecond', all),
    of('requests to the API server at rest, a tenth running', 'rate', 'requestsPerSecond', few),
    growth('growth of memory with the jobs', 'memoryMiB'),
    growth('growth of CPU with the jobs', 'cpuPercent'),
    growth('growth of requests with the jobs', 'requestsPerSecond'),
  ];
}

function growthOf(cost: Cost, rests: readonly Rest[]): number {
  return growthExponent(rests.map((rest) => ({ jobs: rest.jobs, cost: Math.max(rest[cost], LEAST[cost]) })));
}
