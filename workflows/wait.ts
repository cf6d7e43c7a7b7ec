import { CancellationScope } from '@temporalio/workflow';
import type { JobContext } from './context.ts';
import type { JobRole } from './contract.ts';
import { isEnd } from './observation.ts';
import type { Observation, ObservedStage } from './observation.ts';
import { ignoreCancellation } from './settled.ts';
import { attemptRefOf } from './state.ts';
import { verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** A Kubernetes Job that ended, well or not. */
export interface Ended {
  readonly observation: Observation;
  readonly verdict: Exclude<Verdict, { kind: 'wait' | 'overdue' }>;
}

/**
 * Waits until the Kubernetes Job `jobUid` has ended. The watcher's signals wake it at once; beside them a durable timer looks at the
 * cluster itself. Either alone is enough.
 */
export async function untilEnded(role: JobRole, jobUid: string, context: JobContext): Promise<Ended> {
  context.tracker.expect(role, jobUid);
  const looking = new CancellationScope();
  const looks = looking.run(() => lookFromTimeToTime(role, context));
  try {
    return await Promise.race([untilVerdict(role, context), looks]);
  } finally {
    looking.cancel();
    await looks.catch(ignoreCancellation);
  }
}

async function untilVerdict(role: JobRole, context: JobContext): Promise<Ended> {
  const { request: deadlines, tracker, alarm } = context;
  let sinceMs = Date.now();
  let troubledMs: number | undefined;
  let stage: ObservedStage = 'pending';
  for (;;) {
    const observation = tracker.seen(role);
    const nowMs = Date.now();
    if (observation.stage !== stage) [stage, sinceMs] = [observation.stage, nowMs];
    troubledMs = observation.trouble ? (troubledMs ?? nowMs) : undefined;
    const waiting = { role, sinceMs, troubledMs, nowMs, deadlines };
    const verdict = verdictOf(observation, waiting);
    if (verdict.kind === 'wait') await alarm.until(() => tracker.seen(role) !== observation, nowMs + verdict.waitMs);
    else if (verdict.kind === 'overdue') {
      const seen = await lookOnce(role, context);
      const last = seen.stage === observation.stage ? verdictOf(seen, waiting) : undefined;
      if (last?.kind === 'overdue') return { observation: seen, verdict: { kind: 'failed', failure: last.failure } };
    } else return { observation, verdict };
  }
}

/** Nobody is told of everything, and what was told may have been lost. */
async function lookOnce(role: JobRole, { steps, tracker }: JobContext): Promise<Observation> {
  tracker.notice(await steps.look(attemptRefOf(tracker.job()), role));
  return tracker.seen(role);
}

/** Waits until the task, which is to be ended, has ended. @returns false when it has not after `patienceMs` */
export async function isTaskOver(context: JobContext, patienceMs: number): Promise<boolean> {
  const { tracker, alarm } = context;
  await alarm.until(() => isEnd(tracker.seen('task').stage), Date.now() + patienceMs);
  return isEnd(tracker.seen('task').stage) || isEnd((await lookOnce('task', context)).stage);
}

async function lookFromTimeToTime(role: JobRole, { request, steps, tracker, alarm }: JobContext): Promise<never> {
  const ref = attemptRefOf(tracker.job());
  for (;;) {
    await alarm.until(() => false, Date.now() + request.synchronizationIntervalMs);
    tracker.notice(await steps.poll(ref, role, tracker.seen(role)));
  }
}
