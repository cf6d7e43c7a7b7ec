import type { Worker } from '@temporalio/worker';

/** State of Temporal's worker; `CONNECTING` before there is one. */
export type TemporalState = ReturnType<Worker['getState']> | 'CONNECTING';

/** What the probes tell. */
export interface Health {
  /** False when only a new process can help. */
  readonly isAlive: boolean;
  /** True when jobs go on as they should. */
  readonly isReady: boolean;
  /** A word on each thing that counts. */
  readonly checks: Readonly<Record<string, string>>;
}

/** What is worth starting the process again for. A server that is away is not: it is waited for. */
const DEAD: readonly TemporalState[] = ['FAILED', 'STOPPED'];

/** Judges the process. Pure. */
export function judgeHealth(temporal: TemporalState): Health {
  return {
    isAlive: !DEAD.includes(temporal),
    isReady: temporal === 'RUNNING',
    checks: { temporal: temporal.toLowerCase() },
  };
}
