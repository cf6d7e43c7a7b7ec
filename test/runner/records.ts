import type { Board } from './board.ts';
import { failedResult, isPassed } from './result.ts';
import type { Failure, RunResult } from './result.ts';

/** Results of a run, and its stop signal. */
export interface Records {
  readonly board: Board;
  readonly results: readonly RunResult[];
  /** Milliseconds by the name of a suite or a start. */
  readonly laps: Map<string, number>;
  /** Adds a result. Results that arrive after the stop are dropped. */
  add(result: RunResult): void;
  /** Stops the run for a failure that is not of one test. The first one counts. */
  stop(suite: string, failure: Failure): void;
  /** Aborted once the run is stopped: running tests are ended, and no more are started. */
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
      const details = `${reason}\n${total - results.length} of ${total} files and checks were not run to their end`;
      results.push(failedResult(suite, { test, reason: details }, 0));
      stopping.abort();
    },
    isGreen: () => results.every(isPassed),
  };
}
