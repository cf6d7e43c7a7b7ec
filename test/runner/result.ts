/** Outcome of one test file or check. */
export interface RunResult {
  readonly suite: string;
  /** Path of the file and its variant, or name of the check. */
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
  /** A reason for each failure. */
  readonly failures: readonly Failure[];
}

/** A test that failed. */
export interface Failure {
  readonly test: string;
  readonly reason: string;
}

/** The result of what is no test file, a start of servers for one, and failed. */
export function failedResult(suite: string, failure: Failure, durationMs: number): RunResult {
  return { suite, name: suite, passed: 0, failed: 1, durationMs, failures: [failure] };
}

/** True when everything of it passed. */
export function isPassed({ failed }: RunResult): boolean {
  return failed === 0;
}
