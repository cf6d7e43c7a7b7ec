import { isDeepStrictEqual } from 'node:util';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleClient, ScheduleDescription } from '@temporalio/client';
import { RECONCILE, TASK_QUEUE } from '../workflows/names.ts';

/** A run that was missed is of no use later: the next one sees the same. */
const CATCHUP_WINDOW_MS = 10_000;

/**
 * Lets Temporal reconcile at each interval. A schedule that is there is brought up to date, but stays paused if somebody paused
 * it. May be called by several workers at one time.
 *
 * A schedule that needs no change is left alone: Temporal takes an update whole, and does it after a pause that came in the
 * meantime, which the update would undo.
 * @throws what Temporal says when it is away or refuses
 */
export async function scheduleReconciliation(schedules: ScheduleClient, intervalMs: number): Promise<void> {
  const schedule = scheduleOf(intervalMs);
  try {
    await schedules.create({ scheduleId: RECONCILE, ...schedule });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = schedules.getHandle(RECONCILE);
    if (isUpToDate(await handle.describe(), schedule)) return;
    await handle.update(({ state }) => ({ ...schedule, state }));
  }
}

type Schedule = ReturnType<typeof scheduleOf>;

function scheduleOf(intervalMs: number) {
  return {
    spec: { intervals: [{ every: intervalMs }] },
    action: { type: 'startWorkflow' as const, workflowType: RECONCILE, workflowId: RECONCILE, taskQueue: TASK_QUEUE },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCHUP_WINDOW_MS },
  };
}

function isUpToDate(description: ScheduleDescription, wanted: Schedule): boolean {
  return isDeepStrictEqual(whatWeSay(description), whatWeSay(wanted));
}

/** What is ours to say of a schedule: Temporal's description has its defaults besides. */
function whatWeSay({ spec, action, policies }: Schedule | ScheduleDescription): unknown[] {
  const { workflowType, workflowId, taskQueue } = action;
  const intervals = spec.intervals?.map(({ every }) => every);
  return [intervals, workflowType, workflowId, taskQueue, policies.overlap, policies.catchupWindow];
}
