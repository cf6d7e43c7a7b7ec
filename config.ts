/**
 * The environment and the command line, read once into typed, frozen objects.
 * A flag beats the environment variable of the same name; an empty value counts as absent.
 * All faults are reported together, before anything starts.
 */
import { ANYTHING } from './config/allowed.ts';
import type { AllowedObjects } from './config/allowed.ts';
import { ConfigError, HelpRequested } from './config/errors.ts';
import { readSettings } from './config/read.ts';
import type { Environment, Raw, Values } from './config/read.ts';
import {
  conflicts,
  defaultFaults,
  encryptionFaults,
  exposureFaults,
  inputFaults,
  oidcFaults,
  warningsOf,
  workerFaults,
} from './config/rules.ts';
import { DEFAULT_DATABASE, MONGO_SETTINGS, SETTINGS } from './config/settings.ts';
import type { API_SETTINGS, SHARED_SETTINGS, WORKER_SETTINGS } from './config/settings.ts';
import { readTemporal, temporalFaults } from './config/temporal.ts';
import type {
  ApiConfig,
  BucketConfig,
  EnforcedTerms,
  KubernetesConfig,
  MongoConfig,
  SharedConfig,
  StoreConfig,
  TreeLimits,
  WorkerConfig,
} from './config/types.ts';
import type { InFlightLimits } from './workflows/contract.ts';

export { ConfigError, HelpRequested } from './config/errors.ts';
export type { Environment } from './config/read.ts';
export type { AuthMethod, PodSecurity } from './config/values.ts';
export type { TemporalConfig } from './config/temporal.ts';
export type * from './config/types.ts';

/** Where OpenTelemetry's exporter reads its address; it knows no flags. */
const TRACING = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

type SharedValues = Values<typeof SHARED_SETTINGS>;

/**
 * Reads the configuration of the API process.
 * @param argv flags, without the interpreter and the script
 * @throws ConfigError with every fault; HelpRequested for `--help`
 */
export function loadApiConfig(argv: readonly string[], env: Environment): ApiConfig {
  const { values, raw } = readSettings('api', SETTINGS, argv, env, (raw) => [
    ...sharedFaults(raw, env),
    ...exposureFaults(raw),
    ...defaultFaults(raw),
    ...oidcFaults(raw),
    ...inputFaults(raw),
    ...workerFaults(raw),
  ]);
  return deepFreeze({
    ...sharedConfig(values, raw, env),
    host: values.API_HOST,
    port: values.API_PORT,
    allowedHosts: [values.API_HOST, ...(values.API_ALLOWED_HOSTS ?? [])],
    ...ifGiven('metricsPort', values.API_METRICS_PORT),
    auth: values.API_AUTH ?? [],
    ...oidcConfig(values),
    limits: {
      requestsPerSecond: values.API_RATE_LIMIT,
      concurrentRequests: values.API_CONCURRENCY_LIMIT,
      failuresPerMinute: values.API_FAILURE_LIMIT,
    },
    trustedProxies: values.API_TRUSTED_PROXIES,
    startWaitMs: values.API_START_WAIT,
    killWaitMs: values.API_KILL_WAIT,
    maxBodyBytes: values.API_MAX_BODY_BYTES,
    maxInputBytes: values.API_MAX_INPUT_BYTES,
    ...treeLimits(values),
    inputBuckets: values.INPUT_BUCKETS ?? [],
    ownerSecrets: values.OWNER_SECRETS ?? {},
    outputUrlExpiryMs: values.OUTPUT_URL_EXPIRY,
    jobStartTimeoutMs: values.JOB_START_TIMEOUT,
    jobRunTimeoutMs: values.JOB_RUN_TIMEOUT,
    jobTransferTimeoutMs: values.JOB_TRANSFER_TIMEOUT,
    ...(values.JOB_DEFAULT_RESOURCES && { jobDefaultResources: values.JOB_DEFAULT_RESOURCES }),
    ...(values.JOB_MAX_RESOURCES && { jobMaxResources: values.JOB_MAX_RESOURCES }),
    ...(values.JOB_MAX_RUN_TIMEOUT !== undefined && { jobMaxRunTimeoutMs: values.JOB_MAX_RUN_TIMEOUT }),
    jobMaxStartTimeoutMs: values.JOB_MAX_START_TIMEOUT,
    allowed: allowedObjects(values),
    ...(values.ALLOWED_IMAGES && { allowedImages: values.ALLOWED_IMAGES }),
    ...(values.WORKER_URL !== undefined &&
      values.WORKER_TOKEN !== undefined && { workers: { url: values.WORKER_URL, token: values.WORKER_TOKEN } }),
    ...(values.TEMPORAL_UI_URL !== undefined && { temporalUiUrl: values.TEMPORAL_UI_URL }),
    synchronizationIntervalMs: values.JOB_SYNCHRONIZATION_INTERVAL,
    isQueueing: inFlightLimits(values) !== undefined,
  });
}

/** Reads the configuration of the worker process; see {@link loadApiConfig}. */
export function loadWorkerConfig(argv: readonly string[], env: Environment): WorkerConfig {
  const { values, raw } = readSettings('worker', SETTINGS, argv, env, (raw) => sharedFaults(raw, env));
  return deepFreeze({
    ...sharedConfig(values, raw, env),
    host: values.WORKER_HOST,
    port: values.WORKER_PORT,
    ...ifGiven('changesToken', values.WORKER_TOKEN),
    ...ifGiven('temporalMetricsPort', values.TEMPORAL_METRICS_PORT),
    transferImage: values.TRANSFER_IMAGE,
    podSecurity: values.POD_SECURITY,
    bucketCredentials: values.BUCKET_CREDENTIALS,
    enforced: enforcedTerms(values),
    allowedLabels: values.ALLOWED_POD_LABELS ?? [],
    ephemeralStorage: values.JOB_EPHEMERAL_STORAGE,
    ...treeLimits(values),
    ...(values.JOB_MAX_OUTPUT_BYTES !== undefined && { maxOutputBytes: values.JOB_MAX_OUTPUT_BYTES }),
    ...(values.WORKER_BUILD_ID !== undefined && {
      version: { deploymentName: values.WORKER_DEPLOYMENT_NAME, buildId: values.WORKER_BUILD_ID },
    }),
    reconcileIntervalMs: values.RECONCILE_INTERVAL,
    reconcileGraceMs: values.RECONCILE_GRACE,
    ...ifGiven('inFlight', inFlightLimits(values)),
  });
}

/** Jobs of callers who say who they are may name what is listed; those of others everything, unless something is listed. */
function allowedObjects(values: Values<typeof API_SETTINGS>): AllowedObjects {
  const standard = (values.API_AUTH ?? []).length > 0 ? [] : [ANYTHING];
  return {
    priorityClasses: values.ALLOWED_PRIORITY_CLASSES ?? standard,
    queues: values.ALLOWED_QUEUES ?? standard,
    storageClasses: values.ALLOWED_STORAGE_CLASSES ?? standard,
    nodeSelectors: values.ALLOWED_NODE_SELECTORS ?? standard,
    tolerations: values.ALLOWED_TOLERATIONS ?? standard,
  };
}

function enforcedTerms(values: Values<typeof WORKER_SETTINGS>): EnforcedTerms {
  return {
    ...ifGiven('runtimeClass', values.JOB_RUNTIME_CLASS),
    hasUserNamespace: !values.JOB_HOST_USERS,
    ...ifGiven('nodeSelector', values.JOB_NODE_SELECTOR),
    ...ifGiven('tolerations', values.JOB_TOLERATIONS),
  };
}

function treeLimits(values: SharedValues): TreeLimits {
  return {
    claimSize: values.JOB_CLAIM_SIZE,
    maxFiles: values.JOB_MAX_FILES,
    ...ifGiven('maxInputUnpackedBytes', values.JOB_MAX_INPUT_UNPACKED_BYTES),
  };
}

function inFlightLimits(values: SharedValues): InFlightLimits | undefined {
  const { JOB_MAX_IN_FLIGHT: all, JOB_MAX_IN_FLIGHT_PER_OWNER: perOwner } = values;
  if (all === undefined && perOwner === undefined) return undefined;
  return { ...ifGiven('all', all), ...ifGiven('perOwner', perOwner) };
}

/** Reads where MongoDB is, from the environment alone: the command line is the command's own. */
export function loadStoreConfig(_argv: readonly string[], env: Environment): StoreConfig {
  const { values } = readSettings('api', MONGO_SETTINGS, [], env, conflicts);
  return deepFreeze({ mongo: mongoConfig(values), warnings: [] });
}

/**
 * Runs a loader on this process's own command line and environment. For the entry points: shows the help and ends with 0,
 * or shows the faults and ends with 2. Warnings are shown, and no reason to end.
 */
export function configOrExit<T extends Pick<SharedConfig, 'warnings'>>(
  loader: (argv: readonly string[], env: Environment) => T,
): T {
  try {
    const config = loader(process.argv.slice(2), process.env);
    for (const warning of config.warnings) process.stderr.write(`Warning: ${warning}\n`);
    return config;
  } catch (error) {
    if (error instanceof HelpRequested) exitWith(0, process.stdout, error.message);
    if (error instanceof ConfigError) exitWith(2, process.stderr, `${error.message}\n`);
    throw error;
  }
}

function exitWith(code: number, stream: NodeJS.WriteStream, message: string): never {
  stream.write(message);
  process.exit(code);
}

function sharedFaults(raw: Raw, env: Environment): string[] {
  return [...conflicts(raw), ...temporalFaults(raw, env), ...encryptionFaults(raw)];
}

function sharedConfig(values: SharedValues, raw: Raw, env: Environment): SharedConfig {
  return {
    kubernetes: kubernetesConfig(values),
    bucket: bucketConfig(values),
    mongo: mongoConfig(values),
    temporal: readTemporal(raw, env),
    isTraced: TRACING.some((name) => (env[name] ?? '') !== ''),
    warnings: warningsOf(raw),
    logLevel: values.LOG_LEVEL,
    ...(values.ENCRYPTION_KEYS && { encryptionKeys: values.ENCRYPTION_KEYS }),
    isTemporalEncrypted: values.TEMPORAL_ENCRYPTION,
  };
}

function oidcConfig(values: Values<typeof API_SETTINGS>): Pick<ApiConfig, 'oidc'> {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = values;
  if (!values.API_AUTH?.includes('oidc') || issuer === undefined || audience === undefined) return {};
  const { OIDC_ALGORITHMS: algorithms, OIDC_OWNER_CLAIM: ownerClaim, OIDC_SCOPES_CLAIM: scopesClaim } = values;
  const client = ifGiven('clientId', values.OIDC_CLIENT_ID);
  const bare = values.OIDC_BARE_SCOPES && { areScopesBare: true };
  return { oidc: { issuer, audience, ...client, algorithms, ownerClaim, scopesClaim, ...bare } };
}

function kubernetesConfig(values: SharedValues): KubernetesConfig {
  return {
    ...ifGiven('apiUrl', values.KUBERNETES_API_URL),
    ...ifGiven('apiKey', values.KUBERNETES_API_KEY),
    ...ifGiven('caFile', values.KUBERNETES_CA_FILE),
    ...ifGiven('kubeconfigPath', values.KUBECONFIG),
    namespace: values.KUBERNETES_NAMESPACE,
  };
}

function bucketConfig(values: SharedValues): BucketConfig {
  return {
    bucketName: values.GC_BUCKET_NAME,
    ...ifGiven('credentialsFilePath', values.GC_CREDENTIALS_FILE_PATH),
    ...ifGiven('apiEndpoint', values.GC_API_ENDPOINT),
  };
}

function mongoConfig(values: Values<typeof MONGO_SETTINGS>): MongoConfig {
  const uri = values.MONGODB_URI ?? `mongodb://${hostInUri(values.MONGODB_HOST)}:${values.MONGODB_PORT}`;
  return { uri, database: values.MONGODB_DATABASE ?? databaseInUri(uri) ?? DEFAULT_DATABASE };
}

function hostInUri(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function databaseInUri(uri: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function ifGiven<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, T>>);
}

/** Bytes of a certificate or of a key cannot be frozen. */
function deepFreeze<T extends object>(value: T): T {
  if (ArrayBuffer.isView(value)) return value;
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
