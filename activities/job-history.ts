import type { WorkflowClient, WorkflowExecutionInfo, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload, ProtoFailure } from '@temporalio/common';
import { createKeptReader } from '../payload-codec.ts';
import type { KeptReader } from '../payload-codec.ts';
import { isForgotten } from '../temporal.ts';
import { BATCH_JOB_WORKFLOW, RECORD_ACTIVITY, TASK_QUEUE } from '../workflows/names.ts';
import type { Job, JobMemo, JobRequest } from '../workflows/contract.ts';
import { initialJob } from '../workflows/state.ts';
import type { Submission } from '../store/submissions.ts';

/** Lists the workflows of all our jobs. */
export const JOBS_OF_OURS = `WorkflowType = '${BATCH_JOB_WORKFLOW}' AND TaskQueue = '${TASK_QUEUE}'`;

/** How the SDK's core calls the marker of a local activity. */
const LOCAL_ACTIVITY_MARKER = 'core_local_activity';

/** The events of a workflow, oldest first. */
export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** The run of a job's workflow, as Temporal lists or describes it. */
export type JobRun = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'status'>;

/** The job of a workflow; undefined when Temporal has forgotten it since it was listed. No worker is asked. */
export async function jobOf(
  workflows: Pick<WorkflowClient, 'getHandle' | 'options'>,
  { workflowId, runId, status }: JobRun,
): Promise<Job | undefined> {
  const handle = workflows.getHandle(workflowId, runId);
  return await unlessForgotten(async () =>
    status.name === 'COMPLETED'
      ? ((await handle.result()) as Job)
      : await jobIn(await handle.fetchHistory(), readerOf(workflows)),
  );
}

/** What Temporal answers; undefined only when it says that it does not know the workflow. */
export async function unlessForgotten<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isForgotten(error)) return undefined;
    throw error;
  }
}

/** Reads the histories that `workflows` gives. */
export function readerOf({ options }: Pick<WorkflowClient, 'options'>): KeptReader {
  return createKeptReader(options.loadedDataConverter);
}

/**
 * The job as it was last given to the mirror, or, when it never was, as it was created.
 * @throws Error when the history does not begin with the request
 */
export async function jobIn({ events }: History, reader: Pick<KeptReader, 'value'>): Promise<Job> {
  const recorded = events?.findLast((event) => recordIn(event) !== undefined);
  if (recorded) return await reader.value<Job>(firstOf(recordIn(recorded)));
  const input = firstOf(events?.[0]?.workflowExecutionStartedEventAttributes?.input);
  return initialJob(await reader.value<JobRequest>(input));
}

/** What was done to a workflow that has closed without a result, as a sentence. */
export async function forcedEndIn({ events }: History, reader: Pick<KeptReader, 'failure'>): Promise<string> {
  const {
    workflowExecutionTerminatedEventAttributes: terminated,
    workflowExecutionFailedEventAttributes: failed,
    workflowExecutionTimedOutEventAttributes: timedOut,
  } = events?.at(-1) ?? {};
  if (terminated) return `the workflow of the job was terminated${after(terminated.reason)}`;
  if (failed) return `the workflow of the job failed${after(await wordsOf(failed.failure, reader))}`;
  return timedOut ? 'the workflow of the job timed out' : 'the workflow of the job was ended by force';
}

async function wordsOf(failure: ProtoFailure | null | undefined, reader: Pick<KeptReader, 'failure'>): Promise<string> {
  return failure ? (await reader.failure(failure)).message : '';
}

function after(reason: string | null | undefined): string {
  return reason ? `: ${reason}` : '';
}

/** What the idempotency key of `job` stands for; undefined when its workflow's memo tells of none. */
export function submissionIn({ keyHash, requestHash }: JobMemo, job: Job): Submission | undefined {
  if (keyHash === undefined || requestHash === undefined) return undefined;
  return { keyHash, requestHash, jobId: job.id, created: job.created };
}

type HistoryEvent = NonNullable<History['events']>[number];
type Payloads = NonNullable<HistoryEvent['activityTaskScheduledEventAttributes']>['input'];

/** What the mirror was given: the input of an activity, or what a try within a workflow task has returned. */
function recordIn(event: HistoryEvent): Payloads {
  const { activityTaskScheduledEventAttributes: scheduled, markerRecordedEventAttributes: marker } = event;
  if (scheduled?.activityType?.name === RECORD_ACTIVITY) return scheduled.input;
  return localTryIn(marker)?.activity_type === RECORD_ACTIVITY ? marker?.details?.['result'] : undefined;
}

/** What the SDK's core notes of a local activity. */
export interface LocalTry {
  readonly activity_type: string;
  readonly complete_time: { readonly seconds: number; readonly nanos: number };
}

/** The core of the SDK notes it, which has no codec: the step that was tried within a workflow task and has succeeded; undefined for any other marker. */
export function localTryIn(marker: HistoryEvent['markerRecordedEventAttributes']): LocalTry | undefined {
  if (marker?.markerName !== LOCAL_ACTIVITY_MARKER || marker.failure) return undefined;
  return defaultPayloadConverter.fromPayload<LocalTry>(firstOf(marker.details?.['data']));
}

function firstOf(input: Payloads): Payload {
  const payload = input?.payloads?.[0];
  if (!payload) throw new Error('the history does not tell of a job');
  return payload;
}
