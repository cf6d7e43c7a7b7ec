import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../activities/index.ts';
import { loadKubeConfig } from '../cluster/connect.ts';
import { createLeaderElection } from '../cluster/lease.ts';
import { createOpenStream } from '../cluster/stream.ts';
import { createWatcher } from '../cluster/watcher.ts';
import { configOrExit, loadTemporalConfig, loadWorkerConfig } from '../config.ts';
import { TASK_QUEUE } from '../workflows/contract.ts';
import { bundleWorkflows } from './bundle.ts';
import { connectPatiently } from './connect.ts';
import { createActivityDeps } from './deps.ts';
import { temporalLogger } from './logger.ts';
import { createSignaller } from './signaller.ts';

/** Lease that elects the one watcher of a namespace. */
const WATCHER_LEASE = 'kubernetes-task-runner-watcher';

/** An activity under way may finish within this time after SIGTERM; what does not is tried again by another worker. */
const SHUTDOWN_GRACE_TIME = '20s';
const SHUTDOWN_FORCE_TIME = '30s';

/** About 2 MB of heap each; more running jobs than this are replayed when they wake. */
const MAX_CACHED_WORKFLOWS = 500;

const { config, temporal } = configOrExit((argv, env) => ({
  config: loadWorkerConfig(argv, env),
  temporal: loadTemporalConfig(env),
}));
const logger = pino({ level: config.logLevel });

async function main(): Promise<void> {
  const stop = new AbortController();
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

  const kubeConfig = loadKubeConfig(config.kubernetes);
  const openStream = createOpenStream(kubeConfig);
  const [connection, clientConnection, workflowBundle, deps] = await Promise.all([
    connectPatiently('temporal', () => NativeConnection.connect(temporal.connectionOptions), logger, stop.signal),
    connectPatiently('temporal', () => Connection.connect(temporal.connectionOptions), logger, stop.signal),
    bundleWorkflows(temporalLogger(logger)),
    createActivityDeps(config, kubeConfig, openStream, logger),
  ]);
  const { namespace = 'default' } = temporal;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle,
    activities: createActivities(deps),
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
  });
  const client = new Client({ connection: clientConnection, namespace });
  const watcher = createWatcher({
    openStream,
    namespace: config.kubernetes.namespace,
    onObservation: createSignaller(client.workflow, logger),
    logger,
  });
  const identity = `${hostname()}-${process.pid}-${randomUUID()}`;
  const election = createLeaderElection(kubeConfig, config.kubernetes.namespace, WATCHER_LEASE, identity, logger);

  stop.signal.addEventListener('abort', () => worker.shutdown());
  const watching = election.run((signal) => watcher.run(signal), stop.signal);
  process.stdout.write('worker ready\n');
  await worker.run();
  stop.abort();
  await watching;
  await Promise.all([connection.close(), clientConnection.close()]);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    logger.fatal({ err: error }, 'worker ended');
    process.exit(1);
  },
);
