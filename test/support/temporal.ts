import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import type { WorkerVersion } from '../../config.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { versioningOptions } from '../../worker/versioning.ts';
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
import type { Reconciled, reconcile } from '../../workflows/reconcile.ts';
import { required } from './environment.ts';
import { aRequest } from './objects.ts';

/** The workflow on a real Temporal server, with activities that a test decides about. */

Runtime.install({ logger: new DefaultLogger('ERROR') });
let bundle: Promise<WorkflowBundleOption> | undefined;

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
  /** Its end, when its history has been replayed. */
  result(): Promise<Job>;
}

/** Starts one job whose steps are `overrides` on top of harmless ones; everything is closed when the test ends. */
export async function startJob(
  context: TestContext,
  overrides: Partial<Activities> = {},
  change: Partial<JobRequest> = {},
): Promise<StartedJob> {
  const taskQueue = randomUUID();
  const request = aRequest({ name: `test-${taskQueue.slice(0, 13)}`, ...change });
  const { calls, activities, called } = recordCalls({ ...harmlessActivities(), ...overrides });
  const client = await startWorker(context, taskQueue, activities);
  const handle = await client.workflow.start(BATCH_JOB_WORKFLOW, {
    taskQueue,
    workflowId: workflowIdOf(request.name),
    args: [request],
    memo: { jobId: request.id },
  });
  context.after(() => handle.terminate().catch(() => undefined));
  return {
    calls,
    called,
    observe: (observation) => handle.signal(OBSERVED_SIGNAL, observation),
    kill: () => handle.signal(KILL_SIGNAL),
    cancel: async () => void (await handle.cancel()),
    query: () => handle.query<Job>(JOB_QUERY),
    result: async () => {
      const end = (await handle.result()) as Job;
      await assertReplays(await handle.fetchHistory());
      return end;
    },
  };
}

/**
 * Fails when the workflow as it stands would not have done the same: whoever goes on by what came first, and not by what the history
 * tells, breaks a job only when another worker takes it.
 */
export async function assertReplays(history: Parameters<typeof Worker.runReplayHistory>[1]): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundleOnce() }, history);
}

/** Runs one reconciliation to its end, whose steps are `overrides` on top of harmless ones. */
export async function runReconciliation(
  context: TestContext,
  overrides: Partial<Activities>,
): Promise<{ readonly calls: readonly string[]; readonly reconciled: Reconciled }> {
  const taskQueue = randomUUID();
  const { calls, activities } = recordCalls({ ...harmlessActivities(), ...overrides });
  const client = await startWorker(context, taskQueue, activities);
  const options = { taskQueue, workflowId: `${RECONCILE}-${taskQueue}` };
  return { reconciled: await client.workflow.execute<typeof reconcile>(RECONCILE, options), calls };
}

/** Works on `taskQueue` until the test ends. */
async function startWorker(context: TestContext, taskQueue: string, activities: Activities): Promise<Client> {
  return (await runWorker(context, taskQueue, activities)).client;
}

/** A worker, and the way to the server. */
export interface RunningWorker {
  readonly client: Client;
  /** Lets it end what is under way. Resolves when it takes no more work. */
  stop(): Promise<void>;
}

/** Works on `taskQueue`, as `version` if one is given, until it is stopped or the test ends. */
export async function runWorker(
  context: TestContext,
  taskQueue: string,
  activities: Activities,
  version?: WorkerVersion,
): Promise<RunningWorker> {
  const address = required('TEMPORAL_ADDRESS');
  const [connection, clientConnection, workflowBundle] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
    workflowBundleOnce(),
  ]);
  const options = { connection, taskQueue, workflowBundle, activities, ...versioningOptions(version) };
  const worker = await Worker.create(options);
  const running = worker.run();
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  context.after(async () => {
    await stop();
    await Promise.all([connection.close(), clientConnection.close()]);
  });
  return { client: new Client({ connection: clientConnection }), stop };
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

/** The ring's runner bundles once for all files; a file run alone bundles for itself. */
export function workflowBundleOnce(): Promise<WorkflowBundleOption> {
  bundle ??= loadBundle();
  return bundle;
}

async function loadBundle(): Promise<WorkflowBundleOption> {
  const codePath = process.env['TEST_WORKFLOW_BUNDLE'];
  if (codePath) return { code: await readFile(codePath, 'utf8') };
  return await bundleWorkflows(new DefaultLogger('ERROR'));
}

/** All that a history says, as text that can be searched: its payloads, which are written in Base64, in clear as well. */
export function historyText(history: unknown): string {
  const text = JSON.stringify(history);
  const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  return [text, ...payloads].join('\n');
}
