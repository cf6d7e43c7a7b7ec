/**
 * Measures the service against what does the same without it, writes docs/benchmarks.md, and fails when a figure is out of its bound.
 * Needs a running stack: `make bench` sees to it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { localProfile } from '../../deploy/local/profile.ts';
import { createScope } from '../support/scope.ts';
import type { Closing } from '../support/scope.ts';
import { boundText } from './bounds.ts';
import { figureOf } from './figure.ts';
import type { Figure } from './figure.ts';
import { describeMachine } from './machine.ts';
import { runInTurn } from './measure.ts';
import type { Measure, Run } from './measure.ts';
import { accepting } from './measures/accepting.ts';
import { costs } from './measures/costs.ts';
import { kills } from './measures/kills.ts';
import { wholeJobs } from './measures/whole-jobs.ts';
import { amount, reportOf } from './report.ts';
import { openWorld } from './world.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const REPORT = join(REPOSITORY, 'docs', 'benchmarks');

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
  await using scope = createScope();
  const figures: Figure[] = [];
  for await (const measure of everyMeasure(scope)) figures.push(await take(measure, Number(values.runs)));
  await write(figures);
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

async function take(measure: Measure, runs: number): Promise<Figure> {
  console.error(`\n${measure.name}`);
  const tell = ({ ours, peer }: Run, at: number) => {
    const beside = peer === undefined ? '' : `, ${measure.peer?.what} ${amount(peer, measure.unit)}`;
    console.error(`  ${at === 0 ? 'warm-up' : `run ${at}`}: service ${amount(ours, measure.unit)}${beside}`);
  };
  const figure = figureOf(measure, await runInTurn(measure, Math.min(runs, measure.runs ?? runs), tell));
  const verdict = figure.isWithin ? 'ok' : 'OUT OF BOUND';
  console.error(`  ${verdict}: ${figure.judged.median.toFixed(2)}, bound ${boundText(figure.bound)}`);
  return figure;
}

async function write(figures: readonly Figure[]): Promise<void> {
  const machine = await describeMachine();
  const texts = { md: reportOf(figures, machine), json: JSON.stringify({ machine, figures }) };
  for (const [ending, text] of Object.entries(texts)) {
    const filepath = `${REPORT}.${ending}`;
    await writeFile(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
  }
  console.log(texts.md);
}

main().then(
  (isWithinBounds) => process.exit(isWithinBounds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
