import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { JobRequest, JobRole, Observation } from './contract.ts';
import { refOf } from './state.ts';
import type { Steps } from './steps.ts';
import type { Tracker } from './tracker.ts';
import { verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** A Kubernetes Job that ended, well or not. */
export interface Ended {
  readonly observation: Observation;
  readonly verdict: Exclude<Verdict, { kind: 'wait' }>;
}

/**
 * Waits until the Kubernetes Job `jobUid` has ended. The watcher's signals wake it at once; beside them a durable timer looks at the
 * cluster itself. Either alone is enough.
 */
export async function untilEnded(
  role: JobRole,
  jobUid: string,
  tracker: Tracker,
  steps: Steps,
  request: JobRequest,
): Promise<Ended> {
  tracker.expect(role, jobUid);
  const looking = new CancellationScope();
  const looks = looking.run(() => lookFromTimeToTime(role, tracker, steps, request));
  try {
    return await Promise.race([untilVerdict(role, tracker, request.startTimeoutMs), looks]);
  } finally {
    looking.cancel();
    await looks.catch(ignoreCancellation);
  }
}

async function untilVerdict(role: JobRole, tracker: Tracker, startTimeoutMs: number): Promise<Ended> {
  const deployedMs = Date.now();
  let troubledMs: number | undefined;
  for (;;) {
    const observation = tracker.seen(role);
    troubledMs = observation.trouble ? (troubledMs ?? Date.now()) : undefined;
    const verdict = verdictOf(observation, { role, deployedMs, troubledMs, nowMs: Date.now(), startTimeoutMs });
    if (verdict.kind !== 'wait') return { observation, verdict };
    await change(() => tracker.seen(role) !== observation, verdict.waitMs);
  }
}

async function change(hasChanged: () => boolean, waitMs: number | undefined): Promise<void> {
  if (waitMs === undefined) await condition(hasChanged);
  else await condition(hasChanged, waitMs);
}

async function lookFromTimeToTime(role: JobRole, tracker: Tracker, steps: Steps, request: JobRequest): Promise<never> {
  for (;;) {
    await sleep(request.synchronizationIntervalMs);
    tracker.notice(await steps.poll(refOf(request), role, tracker.seen(role)));
  }
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
