import { readFile } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker } from '@temporalio/worker';
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import type { WorkerVersion } from '../../config.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { versioningOptions } from '../../worker/versioning.ts';
import type { Closing } from './scope.ts';
// It installs the runtime, without which a replay logs all that it does.
import './temporal-environment.ts';

let bundle: Promise<WorkflowBundleOption> | undefined;

/** What a worker works on. */
interface WorkerSpec {
  readonly taskQueue: string;
  readonly activities: Activities;
  readonly version?: WorkerVersion | undefined;
}

/** A worker of a test. */
interface RunningWorker {
  /** Finishes the tasks in progress. Resolves when the worker takes no more tasks. */
  stop(): Promise<void>;
}

/** Starts a worker. It runs until it is stopped or the test ends. */
export async function runWorker(
  context: Closing,
  environment: TestWorkflowEnvironment,
  spec: WorkerSpec,
): Promise<RunningWorker> {
  const worker = await createWorker(environment, spec);
  const running = worker.run();
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  context.after(stop);
  return { stop };
}

/** Creates a worker that the caller runs. */
export async function createWorker(
  { nativeConnection: connection }: TestWorkflowEnvironment,
  { taskQueue, activities, version }: WorkerSpec,
): Promise<Worker> {
  const workflowBundle = await workflowBundleOnce();
  const options = { connection, taskQueue, workflowBundle, activities, ...versioningOptions(version) };
  return await Worker.create(options);
}

/**
 * Fails when the workflow as it stands would not have done the same: whoever goes on by what came first, and not by what the history
 * tells, breaks a job only when another worker takes it.
 */
export async function assertReplays(history: Parameters<typeof Worker.runReplayHistory>[1]): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundleOnce() }, history);
}

/** The runner bundles once for all files; a file run alone bundles for itself. */
export function workflowBundleOnce(): Promise<WorkflowBundleOption> {
  bundle ??= loadBundle();
  return bundle;
}

async function loadBundle(): Promise<WorkflowBundleOption> {
  const codePath = process.env['TEST_WORKFLOW_BUNDLE'];
  if (codePath) return { code: await readFile(codePath, 'utf8') };
  return await bundleWorkflows(new DefaultLogger('ERROR'));
}
