import type { StackEnvironment } from '../../deploy/local/env-file.ts';
import { runPool } from './pool.ts';
import type { Limited } from './pool.ts';
import type { Records } from './records.ts';
import { failedResult } from './result.ts';
import type { RunResult } from './result.ts';

/** A test file or a check that is to run. */
export interface Task extends Limited {
  readonly suite: string;
  readonly name: string;
  readonly run: (environment: StackEnvironment) => Promise<RunResult>;
}

/**
 * Runs tasks side by side, at most `limit` at one time, those that are expected to last longest first.
 * Adds a lap for each suite: from the start of its first task to the end of its last. Once the run is stopped, it starts nothing more.
 */
export async function runStage(
  tasks: readonly Task[],
  limit: number,
  environment: StackEnvironment,
  records: Records,
): Promise<void> {
  const { board } = records;
  const spans = new Map<string, { readonly startMs: number; endMs: number }>();
  await runPool(tasks, limit, async (task) => {
    if (records.stopped.aborted) return;
    board.started(task.suite);
    const span = spans.get(task.suite) ?? { startMs: Date.now(), endMs: 0 };
    spans.set(task.suite, span);
    const result = await task.run(environment);
    span.endMs = Date.now();
    records.add(result);
    if (!records.stopped.aborted) board.ended(result);
  });
  for (const [name, { startMs, endMs }] of spans) addLap(records.laps, name, endMs - startMs);
}

/** A suite has a lap in each of its stages. */
function addLap(laps: Map<string, number>, name: string, durationMs: number): void {
  laps.set(name, (laps.get(name) ?? 0) + durationMs);
}

/** Adds a lap. A start that fails is a failure of the run like any other, which is reported and leaves evidence. */
export async function started<T>(
  suite: string,
  records: Pick<Records, 'laps' | 'add'>,
  start: () => Promise<T>,
): Promise<T | undefined> {
  const startedMs = Date.now();
  try {
    return await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    records.add(failedResult(suite, { test: 'start', reason }, Date.now() - startedMs));
    return undefined;
  } finally {
    addLap(records.laps, suite, Date.now() - startedMs);
  }
}
