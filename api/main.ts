/** The API process: `npm run start:api`. It starts and stays up whether or not its servers are there; see /readyz. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { destination, pino, stdSerializers } from 'pino';
import type { Logger } from 'pino';
import { createBucket } from '../bucket/bucket.ts';
import { createCluster } from '../cluster/client.ts';
import { loadKubeConfig } from '../cluster/connect.ts';
import { createReadStampedLog } from '../cluster/follow-log.ts';
import { createReadLog } from '../cluster/logs.ts';
import { createOpenStream } from '../cluster/stream.ts';
import { configOrExit, loadApiConfig } from '../config.ts';
import type { ApiConfig, KubernetesConfig, TemporalConfig } from '../config.ts';
import { createRegistry } from '../metrics.ts';
import { createPayloadCodec, dataConverterOf } from '../payload-codec.ts';
import { endOnUncaught } from '../promises.ts';
import { createSealer } from '../sealing.ts';
import { createChangeWaiter } from '../store/changes.ts';
import type { ChangeWaiter } from '../store/changes.ts';
import { createStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { createApp } from './app.ts';
import { pageScope } from './auth/principal.ts';
import { authenticateBy } from './auth/verifying.ts';
import type { ApiDeps, PageSettings } from './deps.ts';
import { createExplainJob } from './explain.ts';
import { createReadJobLog } from './job-logs.ts';
import { defined } from './objects.ts';
import { createListener } from './listening.ts';
import { createMetricsServer } from './metrics.ts';
import { createApiServer } from './server.ts';
import { createJobWorkflows } from './workflows.ts';

/** How long answers under way may take after a SIGTERM. */
const SHUTDOWN_GRACE_MS = 10_000;
/** A client that neither sends what it has to send nor reads its answer for so long is gone. */
const IDLE_TIMEOUT_MS = 120_000;
/** gRPC's own limit is two minutes: Temporal would seem away for long after it is back. */
const RECONNECT_CHANNEL_ARGS = { 'grpc.initial_reconnect_backoff_ms': 500, 'grpc.max_reconnect_backoff_ms': 5_000 };

await run(configOrExit(loadApiConfig));

async function run(config: ApiConfig): Promise<void> {
  const logger = createLogger(config);
  endOnUncaught(logger);
  const leave = new AbortController();
  const connection = Connection.lazy({ ...connectionOptions(config.temporal), channelArgs: RECONNECT_CHANNEL_ARGS });
  const client = new Client({
    connection,
    namespace: config.temporal.namespace,
    dataConverter: dataConverterOf(config),
  });
  const store = await createStore(config.mongo);
  const workflows = createJobWorkflows(client);
  const bucket = createBucket({ ...config.bucket, instance: () => workflows.instance() });
  const tracer = config.isTraced
    ? (await import('../tracing.ts')).createJobTracer('kubernetes-task-runner-api')
    : undefined;
  const registry = config.metricsPort === undefined ? undefined : createRegistry();
  const app = createApp({
    workflows,
    store,
    changes: createChanges(store, config, logger, leave.signal),
    bucket,
    ...createClusterReaders(config.kubernetes, { bucket, workflows, logger }),
    ...(config.encryptionKeys && { sealer: createSealer(config.encryptionKeys) }),
    ...defined({ authenticate: authenticateBy(config, { keys: store.keys, logger }) }),
    payloadCodec: createPayloadCodec(config),
    ...(config.temporalUiUrl !== undefined && { webUiOrigin: new URL(config.temporalUiUrl).origin }),
    settings: config,
    ...pageOf(config),
    ...defined({ registry, tracer }),
    logger,
  });
  const server = createApiServer(app).listen(config.port, config.host);
  // Uploads may take hours, so that only silence ends them.
  server.requestTimeout = 0;
  server.setTimeout(IDLE_TIMEOUT_MS);
  await announce(server, 'API');
  const metrics = registry && createMetricsServer(registry).listen(config.metricsPort, config.host);
  if (metrics) await announce(metrics, 'API metrics');
  await shutdownRequested();
  await close(server);
  metrics?.close();
  leave.abort();
  await Promise.allSettled([store.close(), connection.close(), tracer?.close()]);
}

/** With workers that tell of every change the mirror is seldom asked. */
function createChanges(store: Store, { workers }: ApiConfig, logger: Logger, signal: AbortSignal): ChangeWaiter {
  const onError = (err: unknown) => logger.warn({ err }, 'mirror could not be read');
  if (workers === undefined) return createChangeWaiter(store, { onError });
  const changes = createChangeWaiter(store, { onError, isTold: () => listener.hearsAll() });
  const listener = createListener({ ...workers, onChange: changes.notice });
  void listener.run(signal);
  return changes;
}

/** The page, as far as it has been built. */
function pageOf({ auth, oidc, temporal, temporalUiUrl }: ApiConfig): { page?: PageSettings } {
  const folder = join(import.meta.dirname, '..', 'dist', 'page');
  if (!existsSync(folder)) return {};
  const workflows =
    temporalUiUrl && `${temporalUiUrl}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows/{id}`;
  const scope = pageScope(oidc?.areScopesBare === true);
  const signIn = oidc?.clientId && { issuer: oidc.issuer, client_id: oidc.clientId, audience: oidc.audience, scope };
  return { page: { folder, auth, ...(signIn && { oidc: signIn }), ...(workflows && { workflow_url: workflows }) } };
}

function createLogger({ logLevel }: ApiConfig): Logger {
  const formatters = { level: (level: string) => ({ level }) };
  return pino({ level: logLevel, formatters, serializers: { err: stdSerializers.errWithCause } }, destination(2));
}

/** The two rooms of Temporal's SDK type the same options apart. */
function connectionOptions({ connectionOptions: { address, apiKey, tls, metadata } }: TemporalConfig) {
  return {
    ...(address !== undefined && { address }),
    ...(apiKey !== undefined && { apiKey }),
    ...(tls !== undefined && { tls }),
    ...(metadata !== undefined && { metadata }),
  };
}

function createClusterReaders(config: KubernetesConfig, others: Pick<ApiDeps, 'bucket' | 'workflows' | 'logger'>) {
  const kubeConfig = loadKubeConfig(config);
  const readLog = createReadLog(createOpenStream(kubeConfig), config.namespace);
  const cluster = createCluster(kubeConfig, config.namespace);
  const readStampedLog = createReadStampedLog(readLog, cluster);
  return {
    readLog: createReadJobLog({ ...others, cluster, readLog, readStampedLog }),
    explain: createExplainJob({ ...others, cluster, readLog }),
  };
}

/** Waits until it listens, and says where. */
async function announce(server: Server, name: string): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (error) {
    process.stderr.write(`The ${name} cannot listen: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  const { address, family, port } = server.address() as AddressInfo;
  process.stdout.write(`${name} listening on http://${family === 'IPv6' ? `[${address}]` : address}:${port}\n`);
}

async function shutdownRequested(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
}

async function close(server: Server): Promise<void> {
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, SHUTDOWN_GRACE_MS);
  server.close();
  await once(server, 'close');
  clearTimeout(timer);
}
