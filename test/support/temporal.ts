import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Activities } from '../../activities/index.ts';
import { createPoll } from '../../activities/poll.ts';
import type { Cluster } from '../../cluster/client.ts';
import type { Job, JobRequest } from '../../workflows/contract.ts';
import type { Observation } from '../../workflows/observation.ts';
import {
  BATCH_JOB_WORKFLOW,
  JOB_QUERY,
  KILL_SIGNAL,
  OBSERVED_SIGNAL,
  RECONCILE,
  workflowIdOf,
} from '../../workflows/names.ts';
import type { Reconciled } from '../../workflows/balance.ts';
import type { reconcile } from '../../workflows/reconcile.ts';
import { aRequest } from './objects.ts';
import { createScope } from './scope.ts';
import { skippingEnvironment, stackEnvironment } from './temporal-environment.ts';
import type { OpenEnvironment } from './temporal-environment.ts';
import { assertReplays, createWorker, runWorker } from './temporal-worker.ts';

/** The workflow on a real Temporal server, with activities that a test decides about. */

/** What the activities of a job do when nothing goes wrong and nothing ends. */
export function harmlessActivities(): Activities {
  const stored = { object: 'x-output.zip', sizeBytes: 1, crc32c: 'AAAAAA==' };
  return {
    secret: () => Promise.resolve(),
    volumes: () => Promise.resolve(),
    upload: (_name, spooled) => Promise.resolve(spooled),
    deploy: () => Promise.resolve({ jobUid: 'task-uid' }),
    poll: looksLikeBefore,
    cleanup: () => Promise.resolve({ jobUid: 'cleanup-uid' }),
    send: () => Promise.resolve(),
    publish: (_ref, _report, complete) => Promise.resolve({ ...stored, files: 1, complete }),
    logs: keptLogs,
    stop: keptLogs,
    inspect: () => Promise.resolve({}),
    delete: () => Promise.resolve(),
    discard: () => Promise.resolve(),
    sweep: () => Promise.resolve({ removed: {}, left: 0, refused: [], stuck: [], foreign: { count: 0, names: [] } }),
    heal: () => Promise.resolve({ healed: 0, abandoned: [], endless: [] }),
    examine: () => Promise.resolve(undefined),
    report: () => Promise.resolve(),
    enqueue: () => Promise.reject(new Error('not yet')),
    leave: () => Promise.resolve(),
    survey: () => Promise.resolve([]),
    limits: () => Promise.resolve({}),
    record: (job) => Promise.resolve(job),
  };
}

/** Nothing is new; whoever says nothing of what he knows gets an answer all the same. */
function looksLikeBefore(...[, role, known]: Parameters<Activities['poll']>): ReturnType<Activities['poll']> {
  if (known !== undefined) return Promise.reject(new Error('nothing new'));
  return Promise.resolve({ role, jobUid: `${role}-uid`, stage: 'pending' });
}

/** Looks that show nothing but `seen`, ever more seldom, as where the watches show and signal all. */
export function looksThatShow(seen: Observation): Activities['poll'] {
  const poll = createPoll({ cluster: {} as Cluster, watches: { shows: () => seen, areTold: () => true } });
  return (ref, role, known) => (known === undefined ? Promise.resolve(seen) : poll(ref, role, known));
}

/** An object for each container. */
function keptLogs(...[, , , containers]: Parameters<Activities['logs']>): ReturnType<Activities['logs']> {
  return Promise.resolve(Object.fromEntries(containers.map((container) => [container, `${container}-log.txt`])));
}

export interface StartedJob {
  readonly calls: string[];
  observe(observation: Observation): Promise<void>;
  kill(): Promise<void>;
  /** Temporal's own request to cancel, as the Web UI offers it. */
  cancel(): Promise<void>;
  query(): Promise<Job>;
  /** Resolves when the step was called. */
  called(step: string): Promise<void>;
  /** Waits by the clock of the server. */
  sleep(durationMs: number): Promise<void>;
  /** Its end, when its history has been replayed. Skips time if the server does. */
  result(): Promise<Job>;
}

/**
 * Starts one job whose steps are `overrides` on top of harmless ones; everything is closed when the test ends.
 * @param open the server; by default that of the stack
 */
export async function startJob(
  context: TestContext,
  overrides: Partial<Activities> = {},
  change: Partial<JobRequest> = {},
  open: OpenEnvironment = stackEnvironment,
): Promise<StartedJob> {
  const scope = createScope();
  context.after(() => scope[Symbol.asyncDispose]());
  const environment = await open(scope);
  const taskQueue = randomUUID();
  const request = aRequest({ name: `test-${taskQueue.slice(0, 13)}`, ...change });
  const { calls, activities, called } = recordCalls({ ...harmlessActivities(), ...overrides });
  await runWorker(scope, environment, { taskQueue, activities });
  const handle = await environment.client.workflow.start(BATCH_JOB_WORKFLOW, {
    taskQueue,
    workflowId: workflowIdOf(request.name),
    args: [request],
    memo: { jobId: request.id },
  });
  scope.after(() => handle.terminate().catch(() => undefined));
  return {
    calls,
    called,
    observe: (observation) => handle.signal(OBSERVED_SIGNAL, observation),
    kill: () => handle.signal(KILL_SIGNAL),
    cancel: async () => void (await handle.cancel()),
    query: () => handle.query<Job>(JOB_QUERY),
    sleep: environment.sleep,
    result: async () => {
      const end = (await handle.result()) as Job;
      await assertReplays(await handle.fetchHistory());
      return end;
    },
  };
}

/** Starts one job like {@link startJob}, on a server that skips time. */
export function startSkippingJob(
  context: TestContext,
  overrides?: Partial<Activities>,
  change?: Partial<JobRequest>,
): Promise<StartedJob> {
  return startJob(context, overrides, change, skippingEnvironment);
}

/** Runs one reconciliation to its end, whose steps are `overrides` on top of harmless ones. */
export async function runReconciliation(
  overrides: Partial<Activities>,
): Promise<{ readonly calls: readonly string[]; readonly reconciled: Reconciled }> {
  const environment = await stackEnvironment();
  const taskQueue = randomUUID();
  const { calls, activities } = recordCalls({ ...harmlessActivities(), ...overrides });
  const worker = await createWorker(environment, { taskQueue, activities });
  const options = { taskQueue, workflowId: `${RECONCILE}-${taskQueue}` };
  const run = () => environment.client.workflow.execute<typeof reconcile>(RECONCILE, options);
  return { reconciled: await worker.runUntil(run), calls };
}

function recordCalls(activities: Activities) {
  const calls: string[] = [];
  const waiters: { step: string; resolve: () => void }[] = [];
  const entries = Object.entries(activities).map(([step, activity]) => [
    step,
    (...args: never[]) => {
      calls.push(step);
      waiters.filter((waiter) => waiter.step === step).forEach(({ resolve }) => resolve());
      return (activity as (...args: never[]) => Promise<unknown>)(...args);
    },
  ]);
  const called = (step: string) =>
    calls.includes(step) ? Promise.resolve() : new Promise<void>((resolve) => waiters.push({ step, resolve }));
  return { calls, activities: Object.fromEntries(entries) as Activities, called };
}

/** All that a history says, as text that can be searched: its payloads, which are written in Base64, in clear as well. */
export function historyText(history: unknown): string {
  const text = JSON.stringify(history);
  const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  return [text, ...payloads].join('\n');
}
