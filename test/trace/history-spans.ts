import { localTryIn } from '../../activities/job-history.ts';
import type { History, LocalTry } from '../../activities/job-history.ts';

/** One stretch of time of a job, in epoch milliseconds. */
export interface Stretch {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

type HistoryEvent = NonNullable<History['events']>[number];

/**
 * What the workflow of a job did when, as its history tells: its workflow tasks, its activities, and the steps that were tried within a
 * task. A try begins when its task does, or the try before it ends.
 */
export function stretchesIn({ events }: History): Stretch[] {
  const all = events ?? [];
  const byId = new Map(all.map((event) => [Number(event.eventId), event]));
  return [...tasksIn(all, byId), ...activitiesIn(all, byId), ...triesIn(all, byId)];
}

type ById = ReadonlyMap<number, HistoryEvent>;

/** From when the server knew that there was something to do until the workflow had done it. */
function tasksIn(events: readonly HistoryEvent[], byId: ById): Stretch[] {
  return events.flatMap((event) => {
    const completed = event.workflowTaskCompletedEventAttributes;
    if (!completed) return [];
    const scheduled = byId.get(Number(completed.scheduledEventId));
    return [{ name: 'workflow task', startMs: timeOf(scheduled), endMs: timeOf(event) }];
  });
}

/** From when it was scheduled, as that is what the job waits for. */
function activitiesIn(events: readonly HistoryEvent[], byId: ById): Stretch[] {
  return events.flatMap((event) => {
    const id = event.activityTaskCompletedEventAttributes?.scheduledEventId;
    if (id === undefined || id === null) return [];
    const scheduled = byId.get(Number(id));
    const name = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? '';
    return [{ name, startMs: timeOf(scheduled), endMs: timeOf(event) }];
  });
}

function triesIn(events: readonly HistoryEvent[], byId: ById): Stretch[] {
  let lastMs = 0;
  return events.flatMap((event) => {
    const marker = event.markerRecordedEventAttributes;
    const tried = localTryIn(marker);
    if (!tried) return [];
    const task = byId.get(Number(marker?.workflowTaskCompletedEventId))?.workflowTaskCompletedEventAttributes;
    const startMs = Math.max(lastMs, timeOf(byId.get(Number(task?.startedEventId))));
    lastMs = Math.max(startMs, milliseconds(tried.complete_time));
    return [{ name: `${tried.activity_type} (within the task)`, startMs, endMs: lastMs }];
  });
}

function timeOf(event: HistoryEvent | undefined): number {
  return milliseconds(event?.eventTime);
}

function milliseconds(time: HistoryEvent['eventTime'] | LocalTry['complete_time']): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
