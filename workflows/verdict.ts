import type { Deadlines, Failure, JobPhase, JobRole } from './contract.ts';
import type { Observation } from './observation.ts';
import { failureOf, ranLongerThan } from './reasons.ts';

/** How long a start that looks hopeless may last: a registry that says "not found" is sometimes only behind. */
export const TROUBLE_GRACE_MS = 30_000;

/** What the workflow has to do about what it sees. */
export type Verdict =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** A deadline is over, as far as is known: true only when a look at the cluster shows nothing new. */
  | { readonly kind: 'overdue'; readonly failure: Failure }
  /** Nothing, until something changes or `waitMs` have passed. */
  | { readonly kind: 'wait'; readonly waitMs: number };

/** Since when the workflow waits, in epoch milliseconds. */
export interface Waiting {
  readonly role: JobRole;
  /** Since when the present stage lasts. */
  readonly sinceMs: number;
  /** Since when the present trouble lasts; undefined without trouble. */
  readonly troubledMs: number | undefined;
  readonly nowMs: number;
  readonly deadlines: Deadlines;
}

/** Judges one observation. Whatever is waited for has a deadline. */
export function verdictOf(observation: Observation, waiting: Waiting): Verdict {
  const { role, deadlines } = waiting;
  switch (observation.stage) {
    case 'succeeded':
      return { kind: 'succeeded' };
    case 'failed':
    case 'missing':
      return { kind: 'failed', failure: observation.failure ?? unknownFailure(role) };
    case 'pending':
    case 'downloaded':
      return startVerdict(observation, waiting);
    case 'downloading':
      return untilDeadline(waiting, deadlines.transferTimeoutMs, inputTimeout);
    case 'running':
      if (role === 'task') return untilDeadline(waiting, deadlines.runTimeoutMs, runTimeout);
      return untilDeadline(waiting, deadlines.transferTimeoutMs, outputTimeout);
  }
}

/** A container that does not run: at once, after the grace or at the deadline it fails; until then it is waited for. */
function startVerdict({ trouble }: Observation, waiting: Waiting): Verdict {
  const { nowMs, troubledMs = nowMs, role, deadlines } = waiting;
  const untilGraceMs = trouble?.patience === 'grace' ? troubledMs + TROUBLE_GRACE_MS - nowMs : Infinity;
  if (trouble?.patience === 'now' || (trouble && untilGraceMs <= 0))
    return { kind: 'failed', failure: trouble.failure };
  const verdict = untilDeadline(
    waiting,
    deadlines.startTimeoutMs,
    (timeoutMs) => trouble?.failure ?? startTimeout(role, timeoutMs),
  );
  return verdict.kind === 'wait' ? { kind: 'wait', waitMs: Math.min(verdict.waitMs, untilGraceMs) } : verdict;
}

function untilDeadline(
  { sinceMs, nowMs }: Waiting,
  timeoutMs: number,
  failureOf: (timeoutMs: number) => Failure,
): Verdict {
  const waitMs = sinceMs + timeoutMs - nowMs;
  return waitMs > 0 ? { kind: 'wait', waitMs } : { kind: 'overdue', failure: failureOf(timeoutMs) };
}

function startTimeout(role: JobRole, timeoutMs: number): Failure {
  return failureOf('StartTimeout', pendingPhase(role), `the pod did not start within ${seconds(timeoutMs)}`);
}

function runTimeout(timeoutMs: number): Failure {
  const message = ranLongerThan(Math.round(timeoutMs / 1000));
  return failureOf('RunTimeout', 'running', message, { container: 'task' });
}

function inputTimeout(timeoutMs: number): Failure {
  const message = `the input was not there within ${seconds(timeoutMs)}`;
  return failureOf('InputUnavailable', 'downloading', message, { container: 'input' });
}

function outputTimeout(timeoutMs: number): Failure {
  const message = `the output was not sent within ${seconds(timeoutMs)}`;
  return failureOf('OutputUploadFailed', 'uploading', message, { container: 'cleanup' });
}

function unknownFailure(role: JobRole): Failure {
  return failureOf('Unknown', pendingPhase(role), 'the cluster does not say why');
}

function pendingPhase(role: JobRole): JobPhase {
  return role === 'task' ? 'starting' : 'uploading';
}

function seconds(timeoutMs: number): string {
  return `${Math.round(timeoutMs / 1000)} s`;
}
