import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { RuntimeOptions, WorkflowBundle } from '@temporalio/worker';
import { pino } from 'pino';
import type { ActivityDeps } from '../activities/deps.ts';
import { createActivities } from '../activities/index.ts';
import { loadKubeConfig } from '../cluster/connect.ts';
import { createOpenStream } from '../cluster/stream.ts';
import { configOrExit, loadWorkerConfig } from '../config.ts';
import { createRegistry } from '../metrics.ts';
import { dataConverterOf } from '../payload-codec.ts';
import { endOnUncaught } from '../promises.ts';
import { readInstance } from '../temporal.ts';
import type { JobTracer } from '../tracing.ts';
import { TASK_QUEUE } from '../workflows/names.ts';
import { createAnnouncer } from './announcer.ts';
import { bundleApart } from './bundle-apart.ts';
import { connectPatiently } from './connect.ts';
import { createActivityDeps } from './deps.ts';
import { createHandOver } from './hand-over.ts';
import { UNBROKEN } from './isolate.ts';
import { judgeHealth } from './health.ts';
import type { TemporalState } from './health.ts';
import { measureJobs } from './job-metrics.ts';
import { temporalLogger } from './logger.ts';
import { askQueue, measureQueue } from './queue-metrics.ts';
import { measureReconciliations } from './reconcile-metrics.ts';
import { readReadyBundle, readyBundlePath } from './ready-bundle.ts';
import { scheduleReconciliation } from './schedule.ts';
import { createWorkerServer, listen } from './server.ts';
import { createDeployments, versioningOptions } from './versioning.ts';
import { createClusterWatch, createWatchRecorder } from './watching.ts';

/** An activity under way may finish within this time after SIGTERM; what does not is handed over to another worker. */
const SHUTDOWN_GRACE_TIME = '20s';
/** The process ends by then, whatever an activity does. */
const SHUTDOWN_FORCE_TIME = '30s';

/** What goes to Temporal is small, and the way there short: to compress it, as the SDK would, costs both ends more. */
const UNCOMPRESSED = { grpcCompression: { codec: 'none' } } as const;

/**
 * A workflow task lasts as long as the steps that are tried within it, one at a time: the jobs that wait for a silent cluster must not
 * keep others from being heard. So many workflows are kept in memory, too, about 0.3 MB each; more running jobs than this are replayed when
 * they wake.
 */
const MAX_WORKFLOW_TASKS = 400;

const config = configOrExit(loadWorkerConfig);
const { namespace, connectionOptions } = config.temporal;
const dataConverter = dataConverterOf(config);
const logger = pino({ level: config.logLevel });

async function main(): Promise<void> {
  endOnUncaught(logger);
  const stop = new AbortController();
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [], ...temporalMetrics() });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

  const registry = createRegistry();
  let stateOfTemporal = (): TemporalState => 'CONNECTING';
  const recorder = createWatchRecorder(registry);
  const health = () => judgeHealth(stateOfTemporal(), recorder.state(), Date.now());
  const announcer = createAnnouncer();
  const countJob = measureJobs(registry);
  const tracer = await openTracer();
  const server = createWorkerServer(health, registry, { announcer, token: config.changesToken });
  process.stdout.write(`worker listening on ${await listen(server, config.host, config.port)}\n`);

  const kubeConfig = loadKubeConfig(config.kubernetes);
  const openStream = createOpenStream(kubeConfig);
  const [connections, workflowBundle] = await Promise.all([connect(stop.signal), bundle(stop.signal)]);
  const client = new Client({ connection: connections.client, namespace, dataConverter });
  const instance = await connectPatiently(
    'temporal',
    () => readInstance(connections.client, namespace),
    logger,
    stop.signal,
  );
  const deps = await createActivityDeps(config, kubeConfig, openStream, client.workflow, {
    instance,
    onReconciled: measureReconciliations(registry),
    onRecorded: (job, isNew) => {
      announcer.announce(job.id);
      if (!isNew) return;
      countJob(job);
      tracer?.ended(job);
    },
  });
  if (config.inFlight) measureQueue(registry, () => askQueue(client.workflow));
  const { namespace: jobsNamespace } = config.kubernetes;
  const watched = { kubeConfig, openStream, namespace: jobsNamespace, workflows: client.workflow, deps };
  const clusterWatch = createClusterWatch({ ...watched, logger, recorder });
  const worker = await createWorker(
    connections.worker,
    workflowBundle,
    { ...deps, watches: clusterWatch.watches },
    stop.signal,
  );
  stateOfTemporal = () => worker.getState();
  stop.signal.addEventListener('abort', () => worker.shutdown());
  const scheduling = untilDone('schedule of the reconciliation', stop.signal, () =>
    scheduleReconciliation(client.schedule, config.reconcileIntervalMs),
  );
  const promoting = untilDone('worker deployment', stop.signal, () => promoteFirst(client, stop.signal));
  const watching = clusterWatch.run(stop.signal);
  process.stdout.write('worker ready\n');
  await worker.run();
  stop.abort();
  await Promise.all([watching, scheduling, promoting]);
  await Promise.all([connections.worker.close(), connections.client.close(), tracer?.close()]);
}

/** As it is in the image, or else made now. */
async function bundle(signal: AbortSignal): Promise<WorkflowBundle> {
  const ready = await readReadyBundle(readyBundlePath(config.isTemporalEncrypted));
  return ready ?? (await bundleApart(config.logLevel, signal, dataConverter));
}

/** It is loaded where it is asked for alone. */
async function openTracer(): Promise<JobTracer | undefined> {
  return config.isTraced ? (await import('../tracing.ts')).createJobTracer('kubernetes-task-runner-worker') : undefined;
}

/** Those of Temporal's SDK, on a port of its own, as it answers by itself. */
function temporalMetrics(): Pick<RuntimeOptions, 'telemetryOptions'> {
  const { host, temporalMetricsPort: port } = config;
  if (port === undefined) return {};
  return { telemetryOptions: { metrics: { prometheus: { bindAddress: `${host}:${port}` } } } };
}

/** The worker polls by a connection of its own; signals go by another. */
async function connect(signal: AbortSignal): Promise<{ worker: NativeConnection; client: Connection }> {
  const [worker, client] = await Promise.all([
    connectPatiently(
      'temporal',
      () => NativeConnection.connect({ ...connectionOptions, ...UNCOMPRESSED }),
      logger,
      signal,
    ),
    connectPatiently('temporal', () => Connection.connect(connectionOptions), logger, signal),
  ]);
  return { worker, client };
}

function createWorker(
  connection: NativeConnection,
  workflowBundle: WorkflowBundle,
  deps: ActivityDeps,
  stop: AbortSignal,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle,
    dataConverter,
    activities: createActivities(deps),
    interceptors: { activity: [createHandOver(stop)] },
    ...versioningOptions(config.version),
    ...UNBROKEN,
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
    maxCachedWorkflows: MAX_WORKFLOW_TASKS,
    maxConcurrentWorkflowTaskExecutions: MAX_WORKFLOW_TASKS,
    maxConcurrentLocalActivityExecutions: MAX_WORKFLOW_TASKS,
  });
}

/** Beside the jobs, which run without it. */
async function untilDone(what: string, signal: AbortSignal, deed: () => Promise<void>): Promise<void> {
  await connectPatiently(what, deed, logger, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** The jobs of a new deployment must find a worker. Who replaces a version by another says when. */
async function promoteFirst(client: Client, signal: AbortSignal): Promise<void> {
  if (config.version === undefined) return;
  const current = await createDeployments(client.workflowService, namespace).promoteFirst(config.version, signal);
  const { buildId } = config.version;
  if (current !== buildId)
    logger.warn({ buildId, current }, 'new jobs go to another version until this one is promoted');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    logger.fatal({ err: error }, 'worker ended');
    process.exit(1);
  },
);
