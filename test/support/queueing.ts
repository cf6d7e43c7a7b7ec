import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import type { WorkflowClient, WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import { createEnqueue } from '../../activities/enqueue.ts';
import { createLeave } from '../../activities/leave.ts';
import { BATCH_JOB_WORKFLOW, JOB_QUERY, KILL_SIGNAL, workflowIdOf } from '../../workflows/names.ts';
import type { InFlightLimits, Job, JobRequest, QueueCounts } from '../../workflows/contract.ts';
import { askQueue } from '../../worker/queue-metrics.ts';
import { aRequest } from './objects.ts';
import { createDeployments } from '../../worker/versioning.ts';
import { createScope } from './scope.ts';
import { harmlessActivities } from './temporal.ts';
import { stackEnvironment } from './temporal-environment.ts';
import type { OpenEnvironment } from './temporal-environment.ts';
import { runWorker } from './temporal-worker.ts';

/** A queue of a test's own, and jobs that wait in it. */
export interface TestQueue {
  /** What lets jobs go. */
  readonly admission: WorkflowHandle;
  /** What the worker says. */
  limits: InFlightLimits;
  /** What a job waits for before it asks; nothing at first. */
  untilAsking: (name: string) => Promise<void>;
  /** The jobs that were let go, in this order. */
  readonly deployed: readonly string[];
  /** All steps that were taken, with the job of each that is told its name. */
  readonly steps: readonly string[];
  submit(name: string, change?: Partial<JobRequest>): Promise<QueuedTestJob>;
  counts(): Promise<QueueCounts>;
  /** Undefined when there is no answer in time: of a busy queue, or while Temporal holds the question for a worker that is gone. */
  countsInTime(): Promise<QueueCounts | undefined>;
  /** Waits by the clock of the server. */
  sleep(durationMs: number): Promise<void>;
  /** Stops the worker for good, and lets one of another version take its place. */
  replaceWorker(buildId: string): Promise<void>;
}

interface QueuedTestJob {
  readonly handle: WorkflowHandle;
  query(): Promise<Job>;
  /** Ends it, and waits for that. */
  kill(): Promise<Job>;
}

/** Where a queue runs. */
interface QueueOptions {
  /** Build id of the worker's version, in a deployment of the test's own. */
  readonly buildId?: string;
  /** The server; by default that of the stack. */
  readonly open?: OpenEnvironment;
}

/** Starts a worker for both; jobs end when they are killed. All that is still there is terminated when the test ends. */
export async function startQueue(
  context: TestContext,
  limits: InFlightLimits,
  overrides: Partial<Activities> = {},
  { buildId, open = stackEnvironment }: QueueOptions = {},
): Promise<TestQueue> {
  const scope = createScope();
  context.after(() => scope[Symbol.asyncDispose]());
  const environment = await open(scope);
  const { client } = environment;
  const workflows = client.workflow;
  const taskQueue = randomUUID();
  const workflowId = `admission-${taskQueue}`;
  const [steps, deployed]: [string[], string[]] = [[], []];
  const ownQueue: Pick<WorkflowClient, 'signalWithStart' | 'getHandle' | 'list' | 'withDeadline' | 'options'> = {
    options: workflows.options,
    signalWithStart: (type, options) => workflows.signalWithStart(type, { ...options, taskQueue, workflowId }),
    getHandle: () => workflows.getHandle(workflowId),
    list: (options) => workflows.list(options),
    withDeadline: (...args) => workflows.withDeadline(...args),
  };
  const enqueue = createEnqueue({ workflows: ownQueue });
  const activities: Activities = {
    ...harmlessActivities(),
    enqueue: async (job, askAgainMs) => (await queue.untilAsking(job.name), await enqueue(job, askAgainMs)),
    limits: () => Promise.resolve(queue.limits),
    leave: createLeave({ workflows: ownQueue }),
    deploy: ({ name }) => (deployed.push(name), Promise.resolve({ jobUid: name })),
    ...overrides,
  };
  const opened: WorkflowHandle[] = [];
  scope.after(() => Promise.allSettled(opened.map((handle) => handle.terminate())));
  const start = (buildId?: string) => {
    const version = buildId === undefined ? undefined : { deploymentName: taskQueue, buildId };
    return runWorker(scope, environment, { taskQueue, activities: noted(activities, steps), version });
  };
  let worker = await start(buildId);
  const promote = async (version: string) => {
    const deployments = createDeployments(client.workflowService, 'default');
    await deployments.promote({ deploymentName: taskQueue, buildId: version }, context.signal);
  };
  if (buildId !== undefined) await promote(buildId);
  const admission = workflows.getHandle(workflowId);
  opened.push(admission);
  const queue: TestQueue = {
    ...{ admission, limits, deployed, steps, untilAsking: () => Promise.resolve() },
    submit: async (name, change) => {
      const request = aRequest({
        id: randomUUID(),
        name: `${name}-${taskQueue.slice(0, 8)}`,
        isQueued: true,
        ...change,
      });
      const options = { taskQueue, workflowId: workflowIdOf(request.name), args: [request] };
      const handle = await workflows.start(BATCH_JOB_WORKFLOW, options);
      opened.push(handle);
      return jobOf(handle);
    },
    counts: () => askQueue(ownQueue),
    sleep: environment.sleep,
    countsInTime: () => askQueue(ownQueue).catch(() => undefined),
    replaceWorker: async (next) => {
      await worker.stop();
      worker = await start(next);
      await promote(next);
    },
  };
  return queue;
}

function jobOf(handle: WorkflowHandle): QueuedTestJob {
  return {
    handle,
    query: () => handle.query<Job>(JOB_QUERY),
    kill: async () => {
      await handle.signal(KILL_SIGNAL);
      return (await handle.result()) as Job;
    },
  };
}

function noted(activities: Activities, steps: string[]): Activities {
  const entries = Object.entries(activities).map(([step, activity]) => [
    step,
    (...args: never[]) => {
      steps.push(step);
      return (activity as (...args: never[]) => Promise<unknown>)(...args);
    },
  ]);
  return Object.fromEntries(entries) as Activities;
}

/** Resolves when `isSo` holds. @throws Error after ten seconds */
export async function soon(isSo: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  for (const endMs = Date.now() + timeoutMs; !(await isSo()); await delay(20))
    if (Date.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${isSo.toString()}`);
}
