import { CHECKS } from '../suites.ts';
import type { ExpectedMs } from './durations.ts';
import type { FileRun } from './plan.ts';
import { CHECKS_SUITE, runCheck } from './run-check.ts';
import { nameOf, runFile } from './run-file.ts';
import type { Task } from './run-stage.ts';

/** The checks of the code. */
export function checkTasks(): readonly Task[] {
  return CHECKS.map((check) => ({
    suite: CHECKS_SUITE,
    group: CHECKS_SUITE,
    limit: CHECKS.length,
    name: check.name,
    run: () => runCheck(check),
  }));
}

/** Runs of test files, those that are expected to last longest first. */
export function fileTasks(runs: readonly FileRun[], expectedMs: ExpectedMs, logFolder: string): readonly Task[] {
  return runs
    .map((fileRun) => fileTask(fileRun, logFolder))
    .toSorted((a, b) => expectedMs(b.name) - expectedMs(a.name));
}

function fileTask(fileRun: FileRun, logFolder: string): Task {
  const { name: suite, limit, exclusive } = fileRun.suite;
  return {
    suite,
    group: exclusive ?? suite,
    limit,
    name: nameOf(fileRun),
    run: (environment) => runFile(fileRun, environment, logFolder),
  };
}
