import type { Board } from './board.ts';
import { isPassed } from './result.ts';
import type { Failure, RunResult } from './result.ts';

/** What a run has found so far, and whether it goes on. */
export interface Records {
  readonly board: Board;
  readonly results: readonly RunResult[];
  /** Milliseconds by the name of a suite or a start. */
  readonly laps: Map<string, number>;
  /** Takes a result. One that comes after the run was stopped was cut off, and is dropped. */
  add(result: RunResult): void;
  /** Stops the run for a failure that is not of one test. The first one counts. */
  stop(suite: string, failure: Failure): void;
  /** Aborted once the run is stopped: what runs is ended, and nothing more is started. */
  readonly stopped: AbortSignal;
  isGreen(): boolean;
}

/** @param total how many files and checks will run */
export function createRecords(board: Board, total: number): Records {
  const results: RunResult[] = [];
  const stopping = new AbortController();
  const { signal: stopped } = stopping;
  return {
    board,
    results,
    laps: new Map(),
    stopped,
    add(result) {
      if (!stopped.aborted) results.push(result);
    },
    stop(suite, { test, reason }) {
      if (stopped.aborted) return;
      const told = `${reason}\n${total - results.length} of ${total} files and checks were not run to their end`;
      const failures = [{ test, reason: told }];
      results.push({ suite, name: suite, passed: 0, failed: 1, durationMs: 0, failures });
      stopping.abort();
    },
    isGreen: () => results.every(isPassed),
  };
}
