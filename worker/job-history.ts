import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { RECORD_ACTIVITY } from '../workflows/contract.ts';
import type { Job, JobMemo, JobRequest } from '../workflows/contract.ts';
import { initialJob } from '../workflows/state.ts';
import type { Submission } from '../store/submissions.ts';

/** The events of a workflow, oldest first. */
export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/**
 * The job as it was last given to the mirror, or, when it never was, as it was created.
 * @throws Error when the history does not begin with the request
 */
export function jobIn({ events }: History): Job {
  const recorded = events?.findLast((event) => isRecord(event))?.activityTaskScheduledEventAttributes;
  if (recorded) return firstOf<Job>(recorded.input);
  return initialJob(firstOf<JobRequest>(events?.[0]?.workflowExecutionStartedEventAttributes?.input));
}

/** What the idempotency key of `job` stands for; undefined when its workflow's memo tells of none. */
export function submissionIn({ keyHash, requestHash }: JobMemo, job: Job): Submission | undefined {
  if (keyHash === undefined || requestHash === undefined) return undefined;
  return { keyHash, requestHash, jobId: job.id, created: job.created };
}

type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = NonNullable<HistoryEvent['activityTaskScheduledEventAttributes']>['input'];

function isRecord({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent): boolean {
  return scheduled?.activityType?.name === RECORD_ACTIVITY;
}

function firstOf<T>(input: Payloads): T {
  const payload = input?.payloads?.[0];
  if (!payload) throw new Error('the history does not tell of a job');
  return defaultPayloadConverter.fromPayload<T>(payload);
}
