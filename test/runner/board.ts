import prettyMs from 'pretty-ms';
import type { ExpectedMs } from './durations.ts';
import { isPassed } from './result.ts';
import type { RunResult } from './result.ts';

/** Shows how far each suite is: one plain line a message, so that it reads the same on a terminal and in a log. */
export interface Board {
  started(suite: string): void;
  ended(result: RunResult): void;
  /** Shows each suite that runs and was not shown for half a minute. */
  tick(): void;
}

interface SuiteState {
  total: number;
  done: number;
  failed: number;
  /** Sums of the expected durations. */
  doneMs: number;
  allMs: number;
  startedMs?: number;
  shownMs: number;
}

/** An estimate needs so much of a suite to be done. */
const MIN_SHARE = 0.1;

/** Between two lines of a suite in which nothing fails. */
const REPEAT_MS = 10_000;

/** Longest time that a running suite goes without a line. */
const SILENT_MS = 30_000;

/**
 * @param tasks all that will run
 * @param expectedMs how long a run is expected to last
 */
export function createBoard(
  tasks: readonly { readonly suite: string; readonly name: string }[],
  expectedMs: ExpectedMs,
  say: (line: string) => void,
): Board {
  const states = new Map<string, SuiteState>();
  for (const { suite, name } of tasks) {
    const state = states.get(suite) ?? { total: 0, done: 0, failed: 0, doneMs: 0, allMs: 0, shownMs: 0 };
    states.set(suite, { ...state, total: state.total + 1, allMs: state.allMs + expectedMs(name) });
  }
  const stateOf = (suite: string): SuiteState => states.get(suite) ?? unknownSuite(suite);
  const show = (suite: string, state: SuiteState, nowMs: number) => {
    state.shownMs = nowMs;
    say(lineOf(suite, state, nowMs));
  };
  return {
    started(suite) {
      const state = stateOf(suite);
      if (state.startedMs !== undefined) return;
      state.startedMs = Date.now();
      show(suite, state, state.startedMs);
    },
    ended(result) {
      const [state, nowMs] = [stateOf(result.suite), Date.now()];
      state.done += 1;
      state.doneMs += expectedMs(result.name);
      if (!isPassed(result)) {
        state.failed += 1;
        say(`FAILED ${result.name}`);
      }
      if (state.done === state.total || nowMs - state.shownMs >= REPEAT_MS) show(result.suite, state, nowMs);
    },
    tick() {
      const nowMs = Date.now();
      for (const [suite, state] of states)
        if (isRunning(state) && nowMs - state.shownMs >= SILENT_MS) show(suite, state, nowMs);
    },
  };
}

function isRunning({ startedMs, done, total }: SuiteState): boolean {
  return startedMs !== undefined && done < total;
}

function unknownSuite(suite: string): never {
  throw new Error(`suite ${suite} is not on the board`);
}

function lineOf(suite: string, state: SuiteState, nowMs: number): string {
  const { total, done, failed, doneMs, allMs, startedMs = nowMs } = state;
  const counted = `${suite.padEnd(12)} ${`${done}/${total}`.padStart(8)}`;
  if (done === total)
    return `${counted}  ${failed === 0 ? 'ok' : `${failed} failed`} after ${inWords(nowMs - startedMs)}`;
  const elapsed = `${inWords(nowMs - startedMs)} elapsed`;
  if (done < total * MIN_SHARE) return nowMs === startedMs ? counted : `${counted}  ${elapsed}`;
  return `${counted}  ${elapsed}, about ${inWords(leftMs(nowMs - startedMs, doneMs, allMs))} left`;
}

/** Time that a suite still takes, when what is left goes at the pace of what is done. */
export function leftMs(elapsedMs: number, doneMs: number, allMs: number): number {
  return (elapsedMs * (allMs - doneMs)) / doneMs;
}

/** To the second: `1m 5s`. */
function inWords(ms: number): string {
  return prettyMs(Math.max(0, ms), { secondsDecimalDigits: 0 });
}
