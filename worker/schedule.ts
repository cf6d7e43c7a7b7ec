import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleClient } from '@temporalio/client';
import { RECONCILE, TASK_QUEUE } from '../workflows/names.ts';

/** A run that was missed is of no use later: the next one sees the same. */
const CATCHUP_WINDOW = '10s';

/**
 * Lets Temporal reconcile at each interval. A schedule that is there is brought up to date, but stays paused if somebody paused
 * it. May be called by several workers at one time.
 * @throws what Temporal says when it is away or refuses
 */
export async function scheduleReconciliation(schedules: ScheduleClient, intervalMs: number): Promise<void> {
  const schedule = scheduleOf(intervalMs);
  try {
    await schedules.create({ scheduleId: RECONCILE, ...schedule });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedules.getHandle(RECONCILE).update(({ state }) => ({ ...schedule, state }));
  }
}

function scheduleOf(intervalMs: number) {
  return {
    spec: { intervals: [{ every: intervalMs }] },
    action: { type: 'startWorkflow' as const, workflowType: RECONCILE, workflowId: RECONCILE, taskQueue: TASK_QUEUE },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCHUP_WINDOW },
  };
}
