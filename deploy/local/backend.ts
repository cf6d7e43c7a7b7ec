import type { StackEnvironment } from './env-file.ts';
import type { Progress } from './progress.ts';

/** All that our two processes work with, made and ready to be started. */
export interface Backend {
  /** Variables by which the servers are found. */
  readonly environment: StackEnvironment;
  /** Programs for a person: name → file. */
  readonly tools: Readonly<Record<string, string>>;
  /** Starts what does not run, and waits until all of it works. */
  start(progress: Progress): Promise<void>;
}
