import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { StackEnvironment } from '../../deploy/local/env-file.ts';
import { PROGRAM_NAMES } from '../../deploy/local/programs.ts';
import type { Progress } from '../../deploy/local/progress.ts';
import { SERVER_NAMES } from '../../deploy/local/servers.ts';
import type { RunOptions } from './arguments.ts';
import { createBoard } from './board.ts';
import { readDurations, writeDurations } from './durations.ts';
import { keepEvidence } from './evidence.ts';
import { readTestFiles } from './files.ts';
import { selectRuns, stagesOf } from './plan.ts';
import type { Stage } from './plan.ts';
import { reportOf } from './report.ts';
import { createRecords } from './records.ts';
import type { Records } from './records.ts';
import { runStage, started } from './run-stage.ts';
import type { Task } from './run-stage.ts';
import { untilStopped, whileServersRun } from './stop-run.ts';
import { checkTasks, fileTasks } from './tasks.ts';
import { createTestStack } from './test-stack.ts';
import type { TestStack } from './test-stack.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const LOG_FOLDER = join(REPOSITORY, '.local', 'test-logs');

/** Most tasks at one time, on two cores: a whole job waits most of its time, a pure function never does. */
const LIMITS: Readonly<Record<Stage['needs'], number>> = { nothing: 2, servers: 6, service: 8 };

const TICK_MS = 5_000;

type PlannedStage = Stage & { readonly tasks: readonly Task[] };

/**
 * Runs the checks and the suites that are asked for, and reports them.
 * @param interruption stops the run; the report covers the results so far
 * @returns true when everything passed
 */
export async function runGate(options: RunOptions, progress: Progress, interruption: AbortSignal): Promise<boolean> {
  const expectedMs = readDurations();
  const checks = options.names.length === 0 ? checkTasks() : [];
  const stages = stagesOf(selectRuns(readTestFiles(), options)).map((stage) => ({
    ...stage,
    tasks: fileTasks(stage.runs, expectedMs, LOG_FOLDER),
  }));
  const all = [...checks, ...stages.flatMap(({ tasks }) => tasks)];
  if (all.length === 0) throw new Error(`no test file matches ${options.names.join(', ')}`);
  const board = createBoard(all, expectedMs, (line) => progress.say(line));
  const records = createRecords(board, all.length);
  const withoutServers = stages.filter(({ needs }) => needs === 'nothing').flatMap(({ tasks }) => tasks);
  const stack = createTestStack(progress);
  interruption.addEventListener('abort', () => records.stop('run', { test: 'interruption', reason: 'interrupted' }));
  const ticking = setInterval(() => void board.tick(), TICK_MS).unref();
  records.stopped.addEventListener('abort', () => {
    clearInterval(ticking);
    progress.say('stopping the run');
  });
  await rm(LOG_FOLDER, { recursive: true, force: true });
  const evidence = await runAll([...checks, ...withoutServers], stages, stack, options, records);
  clearInterval(ticking);
  if (options.recordDurations && !records.stopped.aborted) await writeDurations(records.results);
  process.stdout.write(reportOf(records.laps, records.results, evidence && relative(REPOSITORY, evidence)));
  return records.isGreen();
}

/** @returns the evidence folder, if the run failed */
async function runAll(
  first: readonly Task[],
  stages: readonly PlannedStage[],
  stack: TestStack,
  { keep }: RunOptions,
  records: Records,
): Promise<string | undefined> {
  const onServers = stages.filter(({ needs }) => needs !== 'nothing');
  const hasServers = onServers.length > 0;
  try {
    await untilStopped(records.stopped, () => runTests(first, onServers, stack, records));
    if (records.isGreen()) return undefined;
    return await keepEvidence(stack.profile, records.results, LOG_FOLDER, hasServers);
  } finally {
    if (hasServers && !keep) await stack.stop();
    if (hasServers && !keep && records.isGreen()) await stack.forget();
  }
}

/** Servers start while the tests run that need none. */
async function runTests(
  first: readonly Task[],
  onServers: readonly PlannedStage[],
  stack: TestStack,
  records: Records,
): Promise<void> {
  const withoutServers = runStage(first, LIMITS.nothing, {}, records);
  if (onServers.length === 0) return await withoutServers;
  const starting = started('servers', records, () => stack.startServers());
  const [servers] = await Promise.all([starting, withoutServers]);
  if (servers !== undefined) await runEach(onServers, records, (stage) => runOnStack(stage, stack, servers, records));
}

/** Runs stage after stage, until one cannot start or the run is stopped. */
async function runEach(
  stages: readonly PlannedStage[],
  records: Records,
  run: (stage: PlannedStage) => Promise<boolean>,
): Promise<void> {
  for (const stage of stages) if (records.stopped.aborted || !(await run(stage))) return;
}

/** Resolves to false when the service of the stage did not start. */
async function runOnStack(
  stage: PlannedStage,
  stack: TestStack,
  servers: StackEnvironment,
  records: Records,
): Promise<boolean> {
  const settings = await started('service', records, () => stack.prepare(stage));
  if (settings === undefined) return false;
  const run = () => runStage(stage.tasks, LIMITS[stage.needs], { ...servers, ...settings }, records);
  const names = stage.needs === 'service' ? [...SERVER_NAMES, ...PROGRAM_NAMES] : SERVER_NAMES;
  const endsServers = stage.runs.some(({ suite }) => suite.endsServers);
  await (endsServers ? run() : whileServersRun(stack.profile, names, records, run));
  return true;
}
