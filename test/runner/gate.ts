import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { StackEnvironment } from '../../deploy/local/env-file.ts';
import type { Progress } from '../../deploy/local/progress.ts';
import type { RunOptions } from './arguments.ts';
import { createBoard } from './board.ts';
import { readDurations, writeDurations } from './durations.ts';
import { keepEvidence } from './evidence.ts';
import { readTestFiles } from './files.ts';
import { selectRuns, stagesOf } from './plan.ts';
import type { Stage } from './plan.ts';
import { reportOf } from './report.ts';
import { isPassed } from './result.ts';
import { runStage, started } from './run-stage.ts';
import type { Records, Task } from './run-stage.ts';
import { checkTasks, fileTasks } from './tasks.ts';
import { createTestStack } from './test-stack.ts';
import type { TestStack } from './test-stack.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const LOG_FOLDER = join(REPOSITORY, '.local', 'test-logs');

/** Most tasks at one time, on two cores: a whole job waits most of its time, a pure function never does. */
const LIMITS: Readonly<Record<Stage['needs'], number>> = { nothing: 2, servers: 6, service: 8 };

type PlannedStage = Stage & { readonly tasks: readonly Task[] };

/**
 * Runs the checks and the suites that are asked for, and reports them.
 * @returns true when everything passed
 */
export async function runGate(options: RunOptions, progress: Progress): Promise<boolean> {
  await rm(LOG_FOLDER, { recursive: true, force: true });
  const expectedMs = readDurations();
  const checks = options.names.length === 0 ? checkTasks() : [];
  const stages = stagesOf(selectRuns(readTestFiles(), options)).map((stage) => ({
    ...stage,
    tasks: fileTasks(stage.runs, expectedMs, LOG_FOLDER),
  }));
  const all = [...checks, ...stages.flatMap(({ tasks }) => tasks)];
  if (all.length === 0) throw new Error(`no test file matches ${options.names.join(', ')}`);
  const records: Records = {
    board: createBoard(all, expectedMs, (line) => progress.say(line)),
    results: [],
    laps: new Map(),
  };
  const withoutServers = stages.filter(({ needs }) => needs === 'nothing').flatMap(({ tasks }) => tasks);
  const stack = createTestStack(progress);
  const evidence = await runAll([...checks, ...withoutServers], stages, stack, options, records);
  if (options.recordDurations) await writeDurations(records.results);
  process.stdout.write(reportOf(records.laps, records.results, evidence && relative(REPOSITORY, evidence)));
  return records.results.every(isPassed);
}

/** Resolves to the folder with what is left of a failure. Servers start while the tests run that need none. */
async function runAll(
  first: readonly Task[],
  stages: readonly PlannedStage[],
  stack: TestStack,
  { keep }: RunOptions,
  records: Records,
): Promise<string | undefined> {
  const onServers = stages.filter(({ needs }) => needs !== 'nothing');
  const isGreen = () => records.results.every(isPassed);
  const evidence = async (hasServers: boolean) =>
    isGreen() ? undefined : await keepEvidence(stack.profile, records.results, LOG_FOLDER, hasServers);
  const withoutServers = () => runStage(first, LIMITS.nothing, {}, records);
  if (onServers.length === 0) {
    await withoutServers();
    return await evidence(false);
  }
  try {
    const starting = started('servers', records, () => stack.startServers());
    const [servers] = await Promise.all([starting, withoutServers()]);
    if (servers !== undefined) await runEach(onServers, (stage) => runOnStack(stage, stack, servers, records));
    return await evidence(true);
  } finally {
    if (!keep) await stack.stop();
    if (!keep && isGreen()) await stack.forget();
  }
}

/** Runs stage after stage, until one cannot start. */
async function runEach(stages: readonly PlannedStage[], run: (stage: PlannedStage) => Promise<boolean>): Promise<void> {
  for (const stage of stages) if (!(await run(stage))) return;
}

/** Resolves to false when the service of the stage did not start. */
async function runOnStack(
  stage: PlannedStage,
  stack: TestStack,
  servers: StackEnvironment,
  records: Records,
): Promise<boolean> {
  const settings = await started('service', records, () => stack.prepare(stage));
  if (settings !== undefined) await runStage(stage.tasks, LIMITS[stage.needs], { ...servers, ...settings }, records);
  return settings !== undefined;
}
