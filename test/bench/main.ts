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
import { hostileRequests } from './measures/hostile-requests.ts';
import { kills } from './measures/kills.ts';
import { largeFiles } from './measures/large-files.ts';
import { listing } from './measures/listing.ts';
import { wholeJobs } from './measures/whole-jobs.ts';
import { untilQuiet } from './quiet.ts';
import { reportOf } from './report.ts';
import { take } from './take.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';
import { writeReport } from './write-report.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const SUBJECT = { title: 'Benchmarks', command: 'make bench', file: 'benchmarks' };

/** What measures are made for. */
interface Bench {
  /** Ends when a group of measures has been taken. */
  readonly scope: Closing;
  readonly world: World;
  /** Rows of the mirror of which a list is made. */
  readonly rows: number;
  /** Size of a large file. */
  readonly mebibytes: number;
}

/** Groups of measures by name. Those that have a service of their own change what others would meet, and come last. */
const GROUPS: Readonly<Record<string, (bench: Bench) => Promise<Measure[]> | Measure[] | AsyncIterable<Measure>>> = {
  jobs: ({ world }) => wholeJobs(world),
  kills: ({ world }) => kills(world),
  listing: async ({ scope, rows }) => [await listing(scope, rows)],
  'large-files': ({ scope, mebibytes }) => largeFiles(scope, mebibytes),
  'hostile-requests': ({ scope }) => hostileRequests(scope),
  accepting: ({ scope }) => accepting(scope),
  costs: ({ scope, world }) => costs(scope, localProfile(REPOSITORY), world),
};

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      runs: { ...text, default: '5' },
      rows: { ...text, default: '100000' },
      mebibytes: { ...text, default: '1024' },
      only: text,
    },
  });
  const { runs, rows, mebibytes, only } = values;
  const world = await openWorld();
  const figures: Figure[] = [];
  for (const [name, measuresOf] of Object.entries(GROUPS)) {
    if (only !== undefined && only !== name) continue;
    await using scope = createScope();
    for await (const measure of await measuresOf({ scope, world, rows: Number(rows), mebibytes: Number(mebibytes) }))
      figures.push(await take(measure, Number(runs), untilQuiet));
  }
  const machine = { ...(await describeMachine()), 'rows of the list': rows, 'MiB of a large file': mebibytes };
  // A part is no report.
  if (only === undefined) await writeReport(REPOSITORY, figures, machine, SUBJECT);
  else console.log(reportOf(figures, machine, SUBJECT));
  return figures.every(({ isWithin }) => isWithin);
}

main().then(
  (isWithinBounds) => process.exit(isWithinBounds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
