/** Every setting: its name, its rule, its default and its one line of help. */
import { z } from 'zod';
import { ALLOWED_SETTINGS } from './allowed-settings.ts';
import { largestResources } from './limits.ts';
import { labelKeys, nodeSelector, tolerations } from './scheduling.ts';
import { optional, required, withDefault } from './setting.ts';
import {
  algorithms,
  authMethods,
  bucketCredentials,
  bucketNames,
  buildId,
  bytes,
  claim,
  count,
  deploymentName,
  encryptionKeys,
  files,
  hostAndPort,
  hostNames,
  image,
  internalToken,
  jobSeconds,
  logLevel,
  namespace,
  objectName,
  ownerSecrets,
  podSecurity,
  port,
  positiveSeconds,
  resources,
  seconds,
  storageQuantity,
  text,
  trueOrFalse,
  openUrl,
  url,
  wholeNumber,
} from './values.ts';

const MEBIBYTE = 1024 ** 2;
/** Database of a deployment that names none. */
export const DEFAULT_DATABASE = 'kubernetes_task_runner';

/** Proxies cut a connection on which nothing moves, many after some minutes: a request has to be answered before. */
const MAX_ANSWER_WAIT_MS = 90_000;
const answerWait = seconds.refine((ms) => ms <= MAX_ANSWER_WAIT_MS, 'must be at most 90 seconds');

/** Where MongoDB is. */
export const MONGO_SETTINGS = {
  MONGODB_HOST: withDefault(text, '127.0.0.1', 'MongoDB host to connect to'),
  MONGODB_PORT: withDefault(port, '27017', 'MongoDB port to connect to'),
  MONGODB_DATABASE: optional(text, `MongoDB database (default: the URI's, or else ${DEFAULT_DATABASE})`),
  MONGODB_URI: optional(
    z.string().regex(/^mongodb(\+srv)?:\/\/./, 'must start with mongodb:// or mongodb+srv://'),
    'MongoDB connection string, in place of MONGODB_HOST and MONGODB_PORT',
  ),
};

/** What both processes need: names, defaults and rules. */
export const SHARED_SETTINGS = {
  ...MONGO_SETTINGS,
  KUBERNETES_API_URL: optional(url, 'URL of the Kubernetes API (default: kubeconfig, or else in-cluster)'),
  KUBERNETES_API_KEY: optional(text, 'bearer token for KUBERNETES_API_URL'),
  KUBERNETES_CA_FILE: optional(text, 'PEM file of the authority that signed the certificate of KUBERNETES_API_URL'),
  KUBERNETES_NAMESPACE: withDefault(namespace, 'default', 'namespace of the jobs; it must exist'),
  KUBECONFIG: optional(text, 'kubeconfig file, used when KUBERNETES_API_URL is absent'),
  ENCRYPTION_KEYS: optional(
    encryptionKeys,
    'keys that sensitive values are sealed by: 32 bytes in Base64 each, by comma; the first seals, all open',
  ),
  TEMPORAL_ENCRYPTION: withDefault(
    trueOrFalse,
    'false',
    "'true' encrypts by ENCRYPTION_KEYS what Temporal keeps of jobs; what is encrypted can be read with either",
  ),
  WORKER_TOKEN: optional(
    internalToken,
    'token by which the API hears from the workers which jobs have changed, see WORKER_URL; 32 characters or more',
  ),
  JOB_MAX_IN_FLIGHT: optional(
    count,
    'most jobs that go at one time; the others wait for their turn (default: no limit)',
  ),
  JOB_MAX_IN_FLIGHT_PER_OWNER: optional(count, 'most jobs of one owner that go at one time (default: no limit)'),
  JOB_CLAIM_SIZE: withDefault(storageQuantity, '10Gi', 'size of each of the claims of a job that names none'),
  JOB_MAX_INPUT_UNPACKED_BYTES: optional(
    bytes,
    'most bytes that an input may have unpacked (default: the size of its claim)',
  ),
  JOB_MAX_FILES: withDefault(files, '200000', 'most files and folders of an input, and of an output'),
  LOG_LEVEL: withDefault(logLevel, 'WARNING', 'least severe level that is logged'),
  GC_BUCKET_NAME: required(text, "name of the bucket for the jobs' files"),
  GC_CREDENTIALS_FILE_PATH: optional(text, 'service account JSON file of Google Cloud'),
  GC_API_ENDPOINT: optional(url, "base URL of a Google Cloud Storage emulator, in place of Google's"),
  // No defaults here: a profile of Temporal's own may say both.
  TEMPORAL_ADDRESS: optional(hostAndPort, 'Temporal frontend (default: localhost:7233)'),
  TEMPORAL_NAMESPACE: optional(text, 'Temporal namespace (default: default)'),
  CELERY_BROKER_URL: optional(text, 'ignored; TEMPORAL_ADDRESS takes its place'),
};

/** All that the API process reads. */
export const API_SETTINGS = {
  ...SHARED_SETTINGS,
  API_HOST: withDefault(text, '127.0.0.1', 'address to listen on'),
  API_ALLOWED_HOSTS: optional(
    hostNames,
    'names and addresses beside loopback and API_HOST by which clients call an API without API_AUTH, separated by commas',
  ),
  API_PORT: withDefault(port, '4898', 'port to listen on; 0 takes a free one'),
  API_METRICS_PORT: optional(
    port,
    'port of the metrics of the API, on API_HOST; 0 takes a free one; they are not there without it',
  ),
  API_AUTH: optional(
    authMethods,
    "who may call: 'keys' asks for an API key, 'oidc' for a token, 'keys,oidc' for either; 'none' allows an address that others can reach, although nobody is asked",
  ),
  OIDC_ISSUER: optional(url, 'issuer of the tokens, exactly as they name it; its keys are found by discovery'),
  OIDC_AUDIENCE: optional(text, 'audience that a token must name'),
  OIDC_CLIENT_ID: optional(text, 'client of the issuer by which people sign in on the page'),
  OIDC_ALGORITHMS: withDefault(algorithms, 'RS256,PS256,ES256,EdDSA', 'algorithms that a token may be signed by'),
  OIDC_OWNER_CLAIM: withDefault(claim, 'sub', 'claim that says whose the jobs are, behind the issuer'),
  OIDC_SCOPES_CLAIM: withDefault(
    claim,
    'scope',
    'claim that holds the scopes: ktr:read, ktr:submit, ktr:kill, ktr:admin',
  ),
  OIDC_BARE_SCOPES: withDefault(
    trueOrFalse,
    'false',
    "'true' takes the scopes of a token without ktr: too; only for an issuer that has no other services",
  ),
  API_RATE_LIMIT: withDefault(count, '50', 'requests a second, over ten seconds, that each owner may send'),
  API_CONCURRENCY_LIMIT: withDefault(count, '100', 'requests of each owner at one time, streams among them'),
  API_FAILURE_LIMIT: withDefault(count, '100', 'API keys a minute from one address that may be wrong'),
  API_TRUSTED_PROXIES: withDefault(
    wholeNumber,
    '0',
    'proxies in front that say by X-Forwarded-For whom they speak for',
  ),
  OWNER_SECRETS: optional(
    ownerSecrets,
    'JSON: Secrets of the namespace of the jobs that each owner may use, as {"alice": ["db", "s3/key"], "*": []}; none when absent',
  ),
  API_START_WAIT: withDefault(answerWait, '20', 'seconds that a POST waits for its job to start, at most 90'),
  API_KILL_WAIT: withDefault(answerWait, '20', 'seconds that a DELETE waits for its job to be gone, at most 90'),
  API_MAX_BODY_BYTES: withDefault(
    bytes,
    String(2 * MEBIBYTE),
    'largest JSON body, in bytes; a larger input is sent as multipart',
  ),
  API_MAX_INPUT_BYTES: withDefault(
    bytes,
    String(10 * 1024 * MEBIBYTE),
    'largest input zip sent as multipart or named by input_url, in bytes',
  ),
  INPUT_BUCKETS: optional(bucketNames, 'buckets that an input_url may name, separated by commas; none when absent'),
  OUTPUT_URL_EXPIRY: withDefault(
    positiveSeconds.refine((ms) => ms <= 7 * 86_400_000, 'must be at most 604800 seconds: no signed URL lives longer'),
    '21600',
    'seconds that a signed output URL works',
  ),
  JOB_START_TIMEOUT: withDefault(jobSeconds, '900', 'seconds until the first container of a job must run'),
  JOB_RUN_TIMEOUT: withDefault(jobSeconds, '604800', 'seconds that a task may run'),
  JOB_MAX_START_TIMEOUT: withDefault(
    jobSeconds,
    '604800',
    'most seconds that a job may ask for until its first container runs',
  ),
  JOB_MAX_RUN_TIMEOUT: optional(jobSeconds, 'most seconds that a job may ask for its task to run (default: no limit)'),
  JOB_TRANSFER_TIMEOUT: withDefault(jobSeconds, '21600', 'seconds that an input may take to come, and an output to go'),
  JOB_DEFAULT_RESOURCES: optional(resources, 'resources of a job that names none, as JSON'),
  JOB_MAX_RESOURCES: optional(
    largestResources,
    'most that a job may ask for of each resource, and of storage for each claim, as JSON; of others there is no limit',
  ),
  ...ALLOWED_SETTINGS,
  WORKER_URL: optional(
    openUrl,
    'where all workers are reached, so that they say which jobs have changed (default: the mirror is asked ten times a second)',
  ),
  JOB_SYNCHRONIZATION_INTERVAL: withDefault(positiveSeconds, '30', 'seconds between two looks at a job without events'),
  TEMPORAL_UI_URL: optional(openUrl, 'Temporal Web UI, to which the page links'),
};

/** All that the worker process reads. */
export const WORKER_SETTINGS = {
  ...SHARED_SETTINGS,
  WORKER_HOST: withDefault(text, '127.0.0.1', 'address of the probes and the metrics of the worker'),
  WORKER_PORT: withDefault(port, '4899', 'port of the probes and the metrics of the worker; 0 takes a free one'),
  TEMPORAL_METRICS_PORT: optional(
    port,
    "port of the metrics of Temporal's SDK, on WORKER_HOST; they are not there without it",
  ),
  TRANSFER_IMAGE: withDefault(image, 'kubernetes-task-runner/transfer:0.1.0', 'image that moves inputs and outputs'),
  BUCKET_CREDENTIALS: withDefault(
    bucketCredentials,
    'secret',
    'how the pods of jobs reach the bucket: by our own credential in a secret, or by signed-urls for one object each',
  ),
  POD_SECURITY: withDefault(
    podSecurity,
    'baseline',
    'Pod Security level of the pods of jobs: with restricted no image runs as root',
  ),
  JOB_NODE_SELECTOR: optional(
    nodeSelector,
    'labels that the nodes of all jobs must have, as JSON; they come before those of a job',
  ),
  JOB_TOLERATIONS: optional(tolerations, 'tolerations that the pods of all jobs get beside their own, as JSON'),
  ALLOWED_POD_LABELS: optional(
    labelKeys,
    "keys of labels of jobs that their pods have as they are, separated by commas; * allows all (default: none, all have the prefix 'labels.kubernetes-task-runner')",
  ),
  JOB_RUNTIME_CLASS: optional(
    objectName,
    "RuntimeClass of the pods of all jobs, as for gVisor or Kata (default: the node's own runtime)",
  ),
  JOB_HOST_USERS: withDefault(
    trueOrFalse,
    'true',
    'whether the pods of jobs share the user namespace of their node: with false, root in a container is another user on the node',
  ),
  JOB_EPHEMERAL_STORAGE: withDefault(
    storageQuantity,
    '10Gi',
    'most that a task may write outside of its claims, unless its job says how much',
  ),
  JOB_MAX_OUTPUT_BYTES: optional(bytes, 'most bytes that a job may write to /output (default: no limit)'),
  WORKER_DEPLOYMENT_NAME: withDefault(
    deploymentName,
    'kubernetes-task-runner',
    'Temporal Worker Deployment whose version a worker with a WORKER_BUILD_ID is',
  ),
  WORKER_BUILD_ID: optional(buildId, 'version of the worker, on which its jobs stay (default: none, jobs go to any)'),
  RECONCILE_INTERVAL: withDefault(
    seconds.refine((ms) => ms >= 1_000, 'must be at least 1 second'),
    '600',
    'seconds from one look for what nobody owns to the next',
  ),
  RECONCILE_GRACE: withDefault(positiveSeconds, '3600', "seconds that something must be old to be removed as nobody's"),
};

/** All settings, in groups for the help. Both processes know each of them: they may share one file and one command line. */
export const SETTINGS = { ...API_SETTINGS, ...WORKER_SETTINGS };

/** Who reads a setting. */
export function readersOf(name: string): 'both' | 'API' | 'worker' {
  if (name in SHARED_SETTINGS) return 'both';
  return name in API_SETTINGS ? 'API' : 'worker';
}
