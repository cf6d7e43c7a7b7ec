/**
 * Measures what many jobs at once cost, on a stack of its own whose only node is kwok's, writes docs/benchmarks-scale.md, and fails when
 * a figure is out of its bound.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareOnFakeNode } from '../../../deploy/local/fake-cluster.ts';
import { endAll, ownChildren } from '../../../deploy/local/proc.ts';
import { scaleProfile } from '../../../deploy/local/profile.ts';
import { createProgress } from '../../../deploy/local/progress.ts';
import { startPrepared, stopStack } from '../../../deploy/local/stack.ts';
import { createScope } from '../../support/scope.ts';
import type { Closing } from '../../support/scope.ts';
import type { Figure } from '../figure.ts';
import { describeMachine } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { reportOf } from '../report.ts';
import { take, verdictOf } from '../take.ts';
import { writeReport } from '../write-report.ts';
import { burst } from './burst.ts';
import { playTasks, playUploads } from './fake-pods.ts';
import { costsOf } from './costs.ts';
import { createHeldJobs } from './held-jobs.ts';
import { noticing } from './noticing.ts';
import { watchRest } from './rest.ts';
import { startScaledService } from './service.ts';
import { SUBJECT } from './subject.ts';
import { throughput } from './throughput.ts';
import { twoWorkers } from './two-workers.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const profile = scaleProfile(REPOSITORY);

/** How much is measured. */
interface Sizes {
  /** Jobs that run at once at last. */
  readonly jobs: number;
  readonly runs: number;
  /** Jobs that are sent at once. */
  readonly burst: number;
  /** Of one core, that each of two workers may take. */
  readonly workerPercent: number;
}

/** What is measured, each on a stack that nobody has used. */
const PARTS: Readonly<Record<string, (scope: Closing, sizes: Sizes) => AsyncIterable<Figure>>> = {
  crowd: everyFigureOfACrowd,
  burst: everyFigureOfABurst,
  workers: everyFigureOfWorkers,
};

async function main(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      jobs: { ...text, default: '5000' },
      runs: { ...text, default: '3' },
      burst: { ...text, default: '20000' },
      'worker-percent': { ...text, default: '10' },
      only: text,
    },
  });
  const { jobs, runs, burst: burstJobs, 'worker-percent': workerPercent, only } = values;
  const sizes = {
    jobs: Number(jobs),
    runs: Number(runs),
    burst: Number(burstJobs),
    workerPercent: Number(workerPercent),
  };
  return await measure(sizes, only);
}

/** What is measured as far as it came stands in the report, too, when a later part cannot be measured. */
async function measure(sizes: Sizes, only: string | undefined): Promise<boolean> {
  const figures: Figure[] = [];
  let machine = {};
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      if (only !== undefined && only !== name) continue;
      await onNewStack(async () => {
        machine = await machineOf(sizes);
        await using scope = createScope();
        for await (const figure of part(scope, sizes)) figures.push(figure);
      });
    }
  } finally {
    if (figures.length > 0) await report(figures, machine, only);
  }
  return figures.every(({ isWithin }) => isWithin);
}

/** A part is no report. */
async function report(figures: readonly Figure[], machine: Machine, only: string | undefined): Promise<void> {
  if (only === undefined) await writeReport(REPOSITORY, figures, machine, SUBJECT);
  else console.log(reportOf(figures, machine, SUBJECT));
}

async function onNewStack(deed: () => Promise<void>): Promise<void> {
  await clear();
  const progress = createProgress();
  const backend = await prepareOnFakeNode(profile, progress);
  try {
    Object.assign(process.env, await startPrepared(profile, backend, progress, { serversOnly: true }));
    await deed();
  } finally {
    await stopStack(profile);
  }
}

/** From few jobs to many, as those that run stay. */
async function* everyFigureOfACrowd(scope: Closing, { jobs, runs }: Sizes): AsyncGenerator<Figure> {
  const service = await startScaledService(scope, profile);
  const tasks = await playTasks(scope, profile, service);
  await playUploads(scope, service.kubeConfig, service.namespace, service.bucket);
  for (const measure of await throughput(scope, profile, service, Math.min(200, jobs / 10)))
    yield await take(measure, runs);
  const held = createHeldJobs(tasks);
  const restWith = async (count: number) => {
    await held.fill(count);
    return await watchRest(service, count, runs);
  };
  const few = await restWith(jobs / 10);
  yield await take(noticing(service.kubeConfig, tasks, held, jobs / 5, Math.min(100, jobs / 10)), runs);
  yield* told(costsOf([few, await restWith(jobs)]));
}

async function* everyFigureOfABurst(scope: Closing, sizes: Sizes): AsyncGenerator<Figure> {
  yield* told(await burst(scope, profile, sizes.burst));
}

async function* everyFigureOfWorkers(scope: Closing, { jobs, runs, workerPercent }: Sizes): AsyncGenerator<Figure> {
  yield await take(await twoWorkers(scope, profile, { jobs: Math.min(60, jobs / 10), workerPercent }), runs);
}

function* told(figures: readonly Figure[]): Generator<Figure> {
  for (const figure of figures) {
    console.error(`\n${figure.name}\n  ${verdictOf(figure)}`);
    yield figure;
  }
}

async function machineOf({ jobs, burst: burstJobs, workerPercent }: Sizes): Promise<Machine> {
  return {
    ...(await describeMachine()),
    jobs: `${jobs}`,
    'seconds between two looks at a job': process.env['JOB_SYNCHRONIZATION_INTERVAL'] ?? 'as by default',
    'jobs of the burst': `${burstJobs}`,
    'percent of one core for each slow worker': `${workerPercent}`,
  };
}

/** What an earlier run has left would be measured, too. */
async function clear(): Promise<void> {
  await stopStack(profile);
  await rm(profile.stateFolder, { recursive: true, force: true });
}

/** The API and the worker first: without a stack they would only complain. */
async function stopAll(): Promise<void> {
  await endAll(await ownChildren(), 0);
  await stopStack(profile);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAll().finally(() => process.exit(130)));
main().then(
  (isWithinBounds) => process.exit(isWithinBounds ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
