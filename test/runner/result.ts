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

/** True when everything of it passed. */
export function isPassed({ failed }: RunResult): boolean {
  return failed === 0;
}
