/**
 * The command that makes a version of the worker the current one: `npm run promote-worker -- --worker-build-id v2`. New jobs go to it
 * from then on, the others stay where they are. Ends with 0, or with 1 when no worker of that version comes.
 */
import { Client, Connection } from '@temporalio/client';
import { configOrExit, loadWorkerConfig } from '../config.ts';
import type { WorkerVersion } from '../config.ts';
import { createDeployments } from './versioning.ts';

/** A worker that was just started needs some seconds until it asks for work. */
const PATIENCE_MS = 60_000;

const config = configOrExit(loadWorkerConfig);
const { namespace, connectionOptions } = config.temporal;

async function main(version: WorkerVersion | undefined): Promise<void> {
  if (version === undefined) throw new Error('say which version by WORKER_BUILD_ID or --worker-build-id');
  const connection = await Connection.connect(connectionOptions);
  const deployments = createDeployments(new Client({ connection, namespace }).workflowService, namespace);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    await deployments.promote(version, signal);
    for (const { status, buildId } of await deployments.list(version, signal))
      process.stdout.write(`${status.padEnd(9)} ${buildId}\n`);
  } catch (error) {
    if (signal.aborted) throw new Error(`no worker of version ${version.buildId} asks for work`, { cause: error });
    throw error;
  } finally {
    await connection.close();
  }
}

main(config.version).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`Not promoted: ${error instanceof Error ? error.message : String(error)}.\n`);
    process.exit(1);
  },
);
