import { isGrpcServiceError, ScheduleOverlapPolicy, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ProtoFailure } from '@temporalio/common';
import { createKeptReader } from '../payload-codec.ts';
import { onceSucceeded } from '../promises.ts';
import type { Submission } from '../store/submissions.ts';
import { isForgotten, isNamespaceNotFound, readInstance } from '../temporal.ts';
import {
  BATCH_JOB_WORKFLOW,
  DELETE_ACTIVITY,
  ENQUEUE_SIGNAL,
  ERROR_TYPES,
  JOB_QUERY,
  KILL_SIGNAL,
  RECONCILE,
  RECORD_ACTIVITY,
  TASK_QUEUE,
  workflowIdOf,
} from '../workflows/names.ts';
import type { Job, JobMemo, JobRequest } from '../workflows/contract.ts';
import { unavailable } from './errors.ts';
import { defined } from './objects.ts';
import { createNameLookUp, listOpenNames } from './open-names.ts';

/** Whose job has a name, as its workflow's memo says. */
type NameHolder = Pick<JobMemo, 'jobId' | 'inputObject'>;

/** What is kept of an idempotency key with its workflow. */
export type KeyUse = Pick<Submission, 'keyHash' | 'requestHash'>;

/** The workflows of our jobs, as the API talks to them. Each call throws 503 when Temporal does not answer in time. */
export interface JobWorkflows {
  /**
   * Starts the job's workflow, unless one of this name is or was there. Answers with the job that has the name now: when it
   * is the request's, nothing loses it from then on.
   * @param keyUse of the request's idempotency key, if it has one
   */
  start(request: JobRequest, keyUse?: KeyUse): Promise<NameHolder>;
  /** Asks the job to end. `ended` when there is nothing left to kill. */
  kill(name: string): Promise<'signalled' | 'ended'>;
  /** The whole state of a job by its name, from the workflow itself; undefined when there is no such workflow. */
  query(name: string): Promise<Job | undefined>;
  /**
   * The name of the job with this id, if its workflow is among the newest thousand that are open; undefined when it is not. Asks for their list,
   * which may lack what began a moment ago, once a second at most for all callers.
   */
  openNameOf(id: string): Promise<string | undefined>;
  /** What the cluster answered last to the deletion of a job's objects that goes on; undefined when it refused nothing. */
  refusedDeletion(name: string): Promise<unknown>;
  /** The step of a job that fails again and again, and its last failure in the words of who refused it; undefined when none does. */
  failingStep(name: string): Promise<string | undefined>;
  /** That the job's workflow has closed without an end of the job, and what comes; undefined when it has not. */
  forcedEnd(name: string): Promise<string | undefined>;
  /** Asks for a reconciliation, now or after the one that is under way. */
  reconcile(): Promise<void>;
  /** What tells this deployment from others that share the bucket. */
  instance(): Promise<string>;
  /** Resolves when Temporal answers. */
  ping(): Promise<void>;
}

/** Long enough for the client's own retries over a server that restarts. */
const COMMAND_TIMEOUT_MS = 10_000;
/** A query needs a worker; without one it is not worth waiting for. */
const QUERY_TIMEOUT_MS = 3_000;
const PING_TIMEOUT_MS = 2_000;
/** Who has just answered is there. */
const PING_TRUSTED_MS = 1_000;
/** For a page of a thousand jobs. */
const LIST_TIMEOUT_MS = 10_000;
const LOOK_UP_INTERVAL_MS = 200;

/** @param client may be lazily connected */
export function createJobWorkflows(
  client: Client,
  { lookUpIntervalMs = LOOK_UP_INTERVAL_MS }: { readonly lookUpIntervalMs?: number } = {},
): JobWorkflows {
  const within = <T>(timeoutMs: number, call: () => Promise<T>, service = 'Temporal') =>
    client.withDeadline(Date.now() + timeoutMs, call).catch(refuseBy(service));
  const handleOf = (name: string) => client.workflow.getHandle(workflowIdOf(name));
  const describe = <T>(name: string, read: (description: WorkflowExecutionDescription) => T | Promise<T>) =>
    within(QUERY_TIMEOUT_MS, () => handleOf(name).describe().then(read).catch(unlessMissing(undefined)));
  return {
    start: (request, keyUse) => within(COMMAND_TIMEOUT_MS, () => start(client, request, keyUse)),
    kill: (name) =>
      within(COMMAND_TIMEOUT_MS, () =>
        handleOf(name)
          .signal(KILL_SIGNAL)
          .then(() => 'signalled' as const)
          .catch(unlessMissing('ended' as const)),
      ),
    query: (name) =>
      within(
        QUERY_TIMEOUT_MS,
        () => handleOf(name).query<Job>(JOB_QUERY).catch(unlessMissing(undefined)),
        'Temporal, or the worker,',
      ),
    openNameOf: createNameLookUp(() => within(LIST_TIMEOUT_MS, () => listOpenNames(client)), lookUpIntervalMs),
    refusedDeletion: (name) => describe(name, refusalBy(client)),
    failingStep: (name) => describe(name, failingStepBy(client)),
    forcedEnd: (name) => describe(name, forcedEndIn),
    reconcile: () =>
      within(COMMAND_TIMEOUT_MS, () => client.schedule.getHandle(RECONCILE).trigger(ScheduleOverlapPolicy.BUFFER_ONE)),
    instance: onceSucceeded(() =>
      within(QUERY_TIMEOUT_MS, () => readInstance(client.connection, client.options.namespace)),
    ),
    ping: trusted(PING_TRUSTED_MS, () =>
      within(PING_TIMEOUT_MS, () => client.connection.workflowService.getSystemInfo({})),
    ),
  };
}

/** Asks no more than once in `trustedMs` while the answers are good; callers at the same time share one question. */
function trusted(trustedMs: number, ask: () => Promise<unknown>): () => Promise<void> {
  let answeredMs = -Infinity;
  let question: Promise<void> | undefined;
  const answered = async () => {
    await ask();
    answeredMs = performance.now();
  };
  return async () => {
    if (performance.now() - answeredMs < trustedMs) return;
    question ??= answered().finally(() => (question = undefined));
    await question;
  };
}

async function start(client: Client, request: JobRequest, keyUse?: KeyUse): Promise<NameHolder> {
  const workflowId = workflowIdOf(request.name);
  const memo: JobMemo = defined({ jobId: request.id, inputObject: request.input?.object, ...keyUse });
  try {
    await client.workflow.start(BATCH_JOB_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [request],
      memo: { ...memo },
      staticSummary: `${request.name}: ${request.parameters.docker_image}`,
    });
    return memo;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return await client.workflow.getHandle(workflowId).describe().then(holderIn).catch(unlessMissing({}));
  }
}

function holderIn({ memo = {} }: WorkflowExecutionDescription): NameHolder {
  const { jobId, inputObject } = memo;
  return defined({ jobId: textOf(jobId), inputObject: textOf(inputObject) });
}

/** Steps whose failures are no news to the client: looks without news, the queue, and the mirror that he reads. */
const QUIET_STEPS: readonly unknown[] = ['poll', ENQUEUE_SIGNAL, RECORD_ACTIVITY];

function failingStepBy(client: Client) {
  return async ({ raw }: WorkflowExecutionDescription): Promise<string | undefined> => {
    const failing = raw.pendingActivities?.find(
      ({ activityType, lastFailure }) => lastFailure && !QUIET_STEPS.includes(activityType?.name),
    );
    if (!failing?.lastFailure) return undefined;
    const words = wordsOf(await readFailure(client, failing.lastFailure));
    return `${failing.activityType?.name}, try ${failing.attempt}: ${words}`;
  };
}

function forcedEndIn({ closeTime, status: { name } }: WorkflowExecutionDescription): string | undefined {
  if (closeTime === undefined || name === 'COMPLETED') return undefined;
  const what = name.toLowerCase().replace('_', ' ');
  return `its workflow was ended by force (${what}): the next reconciliation removes what it has, and tells its end`;
}

/** What is said around a cause, and says nothing. */
const WRAPPINGS: readonly unknown[] = ['', 'fetch failed', 'Failure exceeds size limit.'];

function wordsOf({ message, cause }: Error): string {
  return cause instanceof Error && WRAPPINGS.includes(message) ? wordsOf(cause) : message;
}

function readFailure({ options }: Client, failure: ProtoFailure): Promise<Error> {
  return createKeptReader(options.loadedDataConverter).failure(failure);
}

/** The failure of the last try stands beside the step that is tried again. */
function refusalBy(client: Client) {
  return async ({ raw }: WorkflowExecutionDescription): Promise<unknown> => {
    const deletion = raw.pendingActivities?.find(({ activityType }) => activityType?.name === DELETE_ACTIVITY);
    if (!deletion?.lastFailure) return undefined;
    const error = await readFailure(client, deletion.lastFailure);
    const isRefusal = error instanceof ApplicationFailure && error.type === ERROR_TYPES.clusterRefused;
    return isRefusal ? error.details?.[0] : undefined;
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function unlessMissing<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (isForgotten(error)) return answer;
    throw error;
  };
}

/** Whatever gRPC says here, the client can do nothing but try again later. */
function refuseBy(service: string): (error: unknown) => never {
  return (error) => {
    const isGrpc = isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause));
    throw isGrpc || isNamespaceNotFound(error) ? unavailable(service, error) : error;
  };
}
