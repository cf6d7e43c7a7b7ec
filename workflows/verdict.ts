import type { Failure, JobPhase, JobRole, Observation } from './contract.ts';

/** How long a start that looks hopeless may last: a registry that says "not found" is sometimes only behind. */
export const TROUBLE_GRACE_MS = 30_000;

/** What the workflow has to do about what it sees. */
export type Verdict =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Nothing, until something changes or `waitMs` have passed. */
  | { readonly kind: 'wait'; readonly waitMs?: number };

/** Since when the workflow waits, in epoch milliseconds. */
export interface Waiting {
  readonly role: JobRole;
  readonly deployedMs: number;
  /** Since when the present trouble lasts; undefined without trouble. */
  readonly troubledMs: number | undefined;
  readonly nowMs: number;
  readonly startTimeoutMs: number;
}

/** Judges one observation. */
export function verdictOf(observation: Observation, waiting: Waiting): Verdict {
  switch (observation.stage) {
    case 'succeeded':
      return { kind: 'succeeded' };
    case 'failed':
    case 'missing':
      return { kind: 'failed', failure: observation.failure ?? unknownFailure(waiting.role) };
    case 'downloading':
    case 'running':
      return { kind: 'wait' };
    case 'pending':
      return startVerdict(observation, waiting);
  }
}

/** A pod that has not started: at once, after the grace or at the deadline it fails; until then it is waited for. */
function startVerdict({ trouble }: Observation, waiting: Waiting): Verdict {
  const { nowMs, deployedMs, startTimeoutMs, troubledMs = nowMs } = waiting;
  const untilDeadlineMs = deployedMs + startTimeoutMs - nowMs;
  const untilGraceMs = trouble?.patience === 'grace' ? troubledMs + TROUBLE_GRACE_MS - nowMs : Infinity;
  if (trouble?.patience === 'now' || (trouble && untilGraceMs <= 0))
    return { kind: 'failed', failure: trouble.failure };
  if (untilDeadlineMs <= 0) return { kind: 'failed', failure: trouble?.failure ?? startTimeout(waiting) };
  return { kind: 'wait', waitMs: Math.min(untilDeadlineMs, untilGraceMs) };
}

function startTimeout({ role, startTimeoutMs }: Waiting): Failure {
  const message = `the pod did not start within ${Math.round(startTimeoutMs / 1000)} s`;
  return { reason: 'StartTimeout', phase: pendingPhase(role), message, retryable: true };
}

function unknownFailure(role: JobRole): Failure {
  return { reason: 'Unknown', phase: pendingPhase(role), message: 'the cluster does not say why', retryable: false };
}

function pendingPhase(role: JobRole): JobPhase {
  return role === 'task' ? 'starting' : 'uploading';
}
