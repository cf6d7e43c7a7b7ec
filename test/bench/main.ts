/**
 * Measures the service against what does the same without it, writes docs/benchmarks.md, and fails when a figure is out of its bound.
 * Needs a running stack: `make bench` sees to it.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { localProfile } from '../../deploy/local/profile.ts';
import { createScope } from '../support/scope.ts';
import type { Closing } from '../support/scope.ts';
import type { Figure } from './figure.ts';
import { describeMachine } from './machine.ts';
import type { Measure } from './measure.ts';
import { accepting } from './measures/accepting.ts';
import { costs } from './measures/costs.ts';
import { kills } from './measures/kills.ts';
import { wholeJobs } from './measures/whole-jobs.ts';
import { take } from './take.ts';
import { openWorld } from './world.ts';
import { writeReport } from './write-report.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const SUBJECT = { title: 'Benchmarks', command: 'make bench', file: 'benchmarks' };

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
  await using scope = createScope();
  const figures: Figure[] = [];
  for await (const measure of everyMeasure(scope)) figures.push(await take(measure, Number(values.runs)));
  await writeReport(REPOSITORY, figures, await describeMachine(), SUBJECT);
  return figures.every(({ isWithin }) => isWithin);
}

/** Those that have a service of their own change what others would meet, and come last. */
async function* everyMeasure(scope: Closing): AsyncGenerator<Measure> {
  const world = await openWorld();
  yield* wholeJobs(world);
  yield* kills(world);
  yield* await accepting(scope);
  yield* await costs(scope, localProfile(REPOSITORY), world);
}

main().then(
  (isWithinBounds) => process.exit(isWithinBounds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
