/**
 * The environment and the command line, read once into typed, frozen objects.
 * A flag beats the environment variable of the same name; an empty value counts as absent.
 * All faults are reported together, before anything starts.
 */
import { isIPv4 } from 'node:net';
import { Command, CommanderError, Option } from 'commander';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';

/** How to reach the cluster. Without `apiUrl` the kubeconfig, or else the pod's own service account, decides. */
export interface KubernetesConfig {
  readonly apiUrl?: string;
  /** Bearer token; a secret. */
  readonly apiKey?: string;
  /** PEM file of the authority that signed the API server's certificate. */
  readonly caFile?: string;
  readonly kubeconfigPath?: string;
  readonly namespace: string;
}

/** Where inputs, outputs and logs are kept. */
export interface BucketConfig {
  readonly bucketName: string;
  /** Service account JSON file; without it the library's own search for credentials decides. */
  readonly credentialsFilePath?: string;
  /** Base URL of an emulator, in place of Google's. */
  readonly apiEndpoint?: string;
}

/** Where the mirror of the jobs is kept. */
export interface MongoConfig {
  /** Connection string; may hold a password. */
  readonly uri: string;
  readonly database: string;
}

/** Log levels of pino. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What both processes need. */
export interface SharedConfig {
  readonly kubernetes: KubernetesConfig;
  readonly bucket: BucketConfig;
  readonly mongo: MongoConfig;
  readonly logLevel: LogLevel;
}

/** Configuration of the API process. Durations are milliseconds. */
export interface ApiConfig extends SharedConfig {
  readonly host: string;
  readonly port: number;
  /** How long a POST waits for the job to leave `created`. */
  readonly startWaitMs: number;
  /** How long a DELETE waits for the proof that nothing of the job is left. */
  readonly killWaitMs: number;
  readonly maxBodyBytes: number;
  readonly maxInputBytes: number;
  readonly outputUrlExpiryMs: number;
  readonly jobStartTimeoutMs: number;
  readonly synchronizationIntervalMs: number;
}

/** Configuration of the worker process. */
export interface WorkerConfig extends SharedConfig {
  /** Image that holds the `download` and `upload` programs. */
  readonly transferImage: string;
  /** Size of each claim, as a Kubernetes quantity. */
  readonly claimSize: string;
}

/** A map of environment variables, like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used. `faults` holds one sentence each; `message` holds all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The configuration has faults:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
    this.faults = faults;
  }
}

/** Somebody asked for `--help`; `message` is the text to show. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

const MEBIBYTE = 1024 ** 2;
const HELP =
  'Each flag may be given as an environment variable. Temporal is found by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE ' +
  'and the other variables of its own environment configuration.';
const DEFAULT_DATABASE = 'kubernetes_task_runner';

const PYTHON_LEVELS: Readonly<Record<string, LogLevel>> = {
  critical: 'fatal',
  warning: 'warn',
  notset: 'trace',
};

const text = z.string();
const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number of seconds')
  .transform((value) => Number(value) * 1000);
const positiveSeconds = seconds.refine((ms) => ms > 0, 'must be more than 0 seconds');
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);
const bytes = wholeNumber.refine((value) => value > 0, 'must be more than 0 bytes');
const port = wholeNumber.refine((value) => value <= 65535, 'must be a port, 0 to 65535');
const logLevel = z
  .string()
  .transform((value) => PYTHON_LEVELS[value.toLowerCase()] ?? value.toLowerCase())
  .pipe(z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}, critical, warning, notset` }));
const namespace = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be the name of a Kubernetes namespace');
const image = z.string().regex(/^\S+$/, 'must be an image reference, without spaces');

const optional = <T>(type: z.ZodType<T, string>, description: string) => type.optional().meta({ description });
const required = <T>(type: z.ZodType<T, string>, description: string) =>
  type.meta({ description: `${description} (required)` });
const withDefault = <T>(type: z.ZodType<T, string>, fallback: string, description: string) =>
  type.prefault(fallback).meta({ description: `${description} (default: ${fallback})` });

const SHARED_SETTINGS = {
  MONGODB_HOST: withDefault(text, '127.0.0.1', 'MongoDB host to connect to'),
  MONGODB_PORT: withDefault(port, '27017', 'MongoDB port to connect to'),
  MONGODB_DATABASE: optional(text, `MongoDB database (default: the URI's, or else ${DEFAULT_DATABASE})`),
  MONGODB_URI: optional(
    z.string().regex(/^mongodb(\+srv)?:\/\/./, 'must start with mongodb:// or mongodb+srv://'),
    'MongoDB connection string, in place of MONGODB_HOST and MONGODB_PORT',
  ),
  KUBERNETES_API_URL: optional(url, 'URL of the Kubernetes API (default: kubeconfig, or else in-cluster)'),
  KUBERNETES_API_KEY: optional(text, 'bearer token for KUBERNETES_API_URL'),
  KUBERNETES_CA_FILE: optional(text, 'PEM file of the authority that signed the certificate of KUBERNETES_API_URL'),
  KUBERNETES_NAMESPACE: withDefault(namespace, 'default', 'namespace of the jobs; it must exist'),
  KUBECONFIG: optional(text, 'kubeconfig file, used when KUBERNETES_API_URL is absent'),
  LOG_LEVEL: withDefault(logLevel, 'WARNING', 'least severe level that is logged'),
  GC_BUCKET_NAME: required(text, "name of the bucket for the jobs' files"),
  GC_CREDENTIALS_FILE_PATH: optional(text, 'service account JSON file of Google Cloud'),
  GC_API_ENDPOINT: optional(url, "base URL of a Google Cloud Storage emulator, in place of Google's"),
};

const API_SETTINGS = {
  ...SHARED_SETTINGS,
  API_HOST: withDefault(text, '127.0.0.1', 'address to listen on'),
  API_PORT: withDefault(port, '4898', 'port to listen on; 0 takes a free one'),
  API_AUTH: optional(
    z.literal('none', { error: "must be 'none', or absent" }),
    "'none' allows an address that others can reach, although nobody is asked for a key",
  ),
  API_START_WAIT: withDefault(seconds, '20', 'seconds that a POST waits for its job to start'),
  API_KILL_WAIT: withDefault(seconds, '20', 'seconds that a DELETE waits for its job to be gone'),
  API_MAX_BODY_BYTES: withDefault(bytes, String(64 * MEBIBYTE), 'largest JSON body, in bytes'),
  API_MAX_INPUT_BYTES: withDefault(
    bytes,
    String(10 * 1024 * MEBIBYTE),
    'largest input zip sent as multipart, in bytes',
  ),
  OUTPUT_URL_EXPIRY: withDefault(
    positiveSeconds.refine((ms) => ms <= 7 * 86_400_000, 'must be at most 604800 seconds: no signed URL lives longer'),
    '21600',
    'seconds that a signed output URL works',
  ),
  JOB_START_TIMEOUT: withDefault(positiveSeconds, '900', 'seconds until the first container of a job must run'),
  JOB_SYNCHRONIZATION_INTERVAL: withDefault(positiveSeconds, '30', 'seconds between two looks at a job without events'),
};

const WORKER_SETTINGS = {
  ...SHARED_SETTINGS,
  TRANSFER_IMAGE: withDefault(image, 'kubernetes-task-runner/transfer:0.1.0', 'image that moves inputs and outputs'),
  JOB_CLAIM_SIZE: withDefault(
    z.string().regex(/^[1-9]\d*(Ki|Mi|Gi|Ti|k|M|G|T)?$/, 'must be a Kubernetes quantity of storage'),
    '10Gi',
    'size of each of the claims of a job',
  ),
};

type Values<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>>;
type SharedValues = Values<typeof SHARED_SETTINGS>;
type Raw = Readonly<Record<string, string>>;

/**
 * Reads the configuration of the API process.
 * @param argv flags, without the interpreter and the script
 * @throws ConfigError with every fault; HelpRequested for `--help`
 */
export function loadApiConfig(argv: readonly string[], env: Environment): ApiConfig {
  const values = load('api', API_SETTINGS, argv, env, exposureFaults);
  return deepFreeze({
    ...sharedConfig(values),
    host: values.API_HOST,
    port: values.API_PORT,
    startWaitMs: values.API_START_WAIT,
    killWaitMs: values.API_KILL_WAIT,
    maxBodyBytes: values.API_MAX_BODY_BYTES,
    maxInputBytes: values.API_MAX_INPUT_BYTES,
    outputUrlExpiryMs: values.OUTPUT_URL_EXPIRY,
    jobStartTimeoutMs: values.JOB_START_TIMEOUT,
    synchronizationIntervalMs: values.JOB_SYNCHRONIZATION_INTERVAL,
  });
}

/** Reads the configuration of the worker process; see {@link loadApiConfig}. */
export function loadWorkerConfig(argv: readonly string[], env: Environment): WorkerConfig {
  const values = load('worker', WORKER_SETTINGS, argv, env);
  return deepFreeze({
    ...sharedConfig(values),
    transferImage: values.TRANSFER_IMAGE,
    claimSize: values.JOB_CLAIM_SIZE,
  });
}

/**
 * Reads where Temporal is: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_CONFIG_FILE
 * and the other names of Temporal's environment configuration.
 * @throws ConfigError when Temporal's own loader refuses them
 */
export function loadTemporalConfig(env: Environment): ClientConnectConfig {
  const present = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(present) });
  } catch (error) {
    throw new ConfigError([`TEMPORAL_*: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/**
 * Runs a loader on this process's own command line and environment. For the entry points: shows the help and ends with 0,
 * or shows the faults and ends with 2.
 */
export function configOrExit<T>(loader: (argv: readonly string[], env: Environment) => T): T {
  try {
    return loader(process.argv.slice(2), process.env);
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

function load<S extends z.ZodRawShape>(
  processName: string,
  settings: S,
  argv: readonly string[],
  env: Environment,
  moreFaults: (raw: Raw) => string[] = () => [],
): Values<S> {
  const flags = readFlags(processName, settings, argv);
  const raw = { ...readEnvironment(settings, env), ...flags.values };
  const parsed = z.object(settings).safeParse(raw);
  const faults = [...flags.faults, ...typeFaults(parsed.error, raw), ...conflicts(raw), ...moreFaults(raw)];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return parsed.data;
}

function readEnvironment(settings: z.ZodRawShape, env: Environment): Raw {
  const entries = Object.keys(settings).map((name) => [name, env[name]?.trim() ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

function readFlags(processName: string, settings: z.ZodRawShape, argv: readonly string[]) {
  const options = Object.keys(settings).map((name) => [name, flagOf(name, settings)] as const);
  const program = new Command(`npm run start:${processName} --`)
    .description(HELP)
    .allowUnknownOption()
    .allowExcessArguments();
  for (const [, option] of options) program.addOption(option);
  const faults = parseFlags(program, argv);
  const given: Record<string, string | undefined> = program.opts();
  const entries = options.map(([name, option]) => [name, given[option.attributeName()] ?? ''] as const);
  return { values: Object.fromEntries(entries.filter(([, value]) => value !== '')), faults };
}

function flagOf(name: string, settings: z.ZodRawShape): Option {
  const flag = name.toLowerCase().replaceAll('_', '-');
  const description = z.globalRegistry.get(settings[name] as z.ZodType)?.description ?? '';
  return new Option(`--${flag} <value>`, `${name}: ${description}`);
}

function parseFlags(program: Command, argv: readonly string[]): string[] {
  program.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  try {
    program.parse(argv, { from: 'user' });
    return program.args.map((argument) => `unknown argument ${argument}`);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') throw new HelpRequested(program.helpInformation());
    return [error.message];
  }
}

/** Values are never echoed: some of them are secrets. */
function typeFaults(error: z.ZodError | undefined, raw: Raw): string[] {
  return (error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return name in raw ? `${name} ${issue.message}` : `${name} is required`;
  });
}

function conflicts(raw: Raw): string[] {
  const needsUrl = ['KUBERNETES_API_KEY', 'KUBERNETES_CA_FILE'].filter(
    (name) => raw[name] && !raw['KUBERNETES_API_URL'],
  );
  const besideUri = ['MONGODB_HOST', 'MONGODB_PORT'].filter((name) => raw[name] && raw['MONGODB_URI']);
  return [
    ...needsUrl.map((name) => `${name} is of no use without KUBERNETES_API_URL`),
    ...besideUri.map((name) => `${name} contradicts MONGODB_URI: give one of the two`),
  ];
}

/** A job is code execution: without keys only this machine may ask for it. */
function exposureFaults(raw: Raw): string[] {
  const host = raw['API_HOST'];
  if (host === undefined || isLoopback(host) || raw['API_AUTH'] === 'none') return [];
  return [
    `API_HOST ${host} lets everybody who reaches it run code on the cluster, as no keys are configured: ` +
      'listen on 127.0.0.1, or say API_AUTH=none if something else guards the way',
  ];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function sharedConfig(values: SharedValues): SharedConfig {
  return {
    kubernetes: kubernetesConfig(values),
    bucket: bucketConfig(values),
    mongo: mongoConfig(values),
    logLevel: values.LOG_LEVEL,
  };
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

function mongoConfig(values: SharedValues): MongoConfig {
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

function ifGiven<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
