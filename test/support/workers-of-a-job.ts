import type { WorkflowHandle } from '@temporalio/client';

/** Who worked on a workflow, by its history. */
export interface Workers {
  /** Build ids of the versions that decided about it, each once; '' is a worker without one. */
  readonly buildIds: readonly string[];
  /** Process ids of the workers that ran its activities, each once. */
  readonly activityPids: readonly number[];
}

/** Reads who worked on a workflow so far. */
export async function workersOf(workflow: WorkflowHandle): Promise<Workers> {
  const { events } = await workflow.fetchHistory();
  const decided = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) => (task ? [task] : []));
  const started = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: activity }) => activity ?? []);
  return {
    buildIds: [...new Set(decided.map(({ deploymentVersion }) => deploymentVersion?.buildId ?? ''))],
    activityPids: [...new Set(started.map(({ identity }) => Number.parseInt(identity ?? '')))],
  };
}

/** The try of an activity that the history tells of: the last one. */
export interface Try {
  readonly attempt: number;
  readonly pid: number;
  readonly startedMs: number;
}

/** The last try of each time that the workflow called `activity`, oldest first. */
export async function triesOf(workflow: WorkflowHandle, activity: string): Promise<Try[]> {
  const events = (await workflow.fetchHistory()).events ?? [];
  const scheduled = events.filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
  );
  const ids = scheduled.map(({ eventId }) => String(eventId));
  return events.flatMap(({ activityTaskStartedEventAttributes: started, eventTime }) => {
    if (!started || !ids.includes(String(started.scheduledEventId))) return [];
    const startedMs = Number(eventTime?.seconds) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    return { attempt: started.attempt ?? 0, pid: Number.parseInt(started.identity ?? ''), startedMs };
  });
}
