/** What each process is told, as typed objects. */
import type { AllowedObjects, AllowList } from './allowed.ts';
import type { ImagePattern } from './images.ts';
import type { AuthMethod, BucketCredentials, LogLevel, PodSecurity } from './values.ts';
import type { TemporalConfig } from './temporal.ts';
import type { InFlightLimits } from '../workflows/contract.ts';
import type { ResourceList, Resources, Toleration } from '../workflows/parameters.ts';

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

/** What both processes need. */
export interface SharedConfig {
  readonly kubernetes: KubernetesConfig;
  readonly bucket: BucketConfig;
  readonly mongo: MongoConfig;
  readonly temporal: TemporalConfig;
  readonly logLevel: LogLevel;
  /** Keys that sensitive values are sealed by, the newest first; without them nothing sensitive is taken. */
  readonly encryptionKeys?: readonly Uint8Array[];
  /** True when what Temporal keeps of jobs is encrypted by the first of them; all decrypt in any case. */
  readonly isTemporalEncrypted: boolean;
  /** True where OpenTelemetry's own variables say where traces go. */
  readonly isTraced: boolean;
  /** What was given and is ignored, one sentence each. */
  readonly warnings: readonly string[];
}

/** What a job may bring and leave. */
export interface TreeLimits {
  /** Size of each claim of a job that names none, as a Kubernetes quantity. */
  readonly claimSize: string;
  /** Most bytes that an input may have unpacked; without it its claim limits it alone. */
  readonly maxInputUnpackedBytes?: number;
  /** Most files and folders of an input, and of an output. */
  readonly maxFiles: number;
}

/** How much one caller may ask for, of each API process. */
export interface ApiLimits {
  /** Of an owner, over ten seconds. */
  readonly requestsPerSecond: number;
  /** Of an owner, until each is answered whole. */
  readonly concurrentRequests: number;
  /** Credentials from one address that may be wrong. */
  readonly failuresPerMinute: number;
}

/** Which tokens are taken. */
export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  /** By which people sign in on the page; absent when they do not. */
  readonly clientId?: string;
  /** Names of JWS, none of them symmetric. */
  readonly algorithms: readonly string[];
  /** Claim that tells the owner among those of the issuer. */
  readonly ownerClaim: string;
  /** Claim with the scopes, as a text with blanks or as a list. */
  readonly scopesClaim: string;
  /** True when scopes are taken without our prefix, too; false by default. */
  readonly areScopesBare?: boolean;
}

/** Configuration of the API process. Durations are milliseconds. */
export interface ApiConfig extends SharedConfig, TreeLimits {
  readonly host: string;
  readonly port: number;
  /** Port of the metrics; there are none when it is absent. */
  readonly metricsPort?: number;
  /** By what clients say who they are; nobody is asked when it is empty. */
  readonly auth: readonly AuthMethod[];
  /** Whose tokens are taken; absent when none are. */
  readonly oidc?: OidcConfig;
  /** How much one caller may ask for. */
  readonly limits: ApiLimits;
  /** Names and addresses beside loopback by which clients call an API that asks nobody who they are. */
  readonly allowedHosts: readonly string[];
  /** Proxies in front whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: number;
  /** How long a POST waits for the job to leave `created`. */
  readonly startWaitMs: number;
  /** How long a DELETE waits for the proof that nothing of the job is left. */
  readonly killWaitMs: number;
  readonly maxBodyBytes: number;
  readonly maxInputBytes: number;
  /** Buckets that inputs may be taken from by their address. */
  readonly inputBuckets: readonly string[];
  /** Secrets, or single keys of them, that jobs of an owner may use; under `*` those of all. */
  readonly ownerSecrets: Readonly<Record<string, readonly string[]>>;
  readonly outputUrlExpiryMs: number;
  readonly jobStartTimeoutMs: number;
  readonly jobRunTimeoutMs: number;
  readonly jobTransferTimeoutMs: number;
  /** What a job that says nothing of resources gets. */
  readonly jobDefaultResources?: Resources;
  /** Most that a job may ask for of a resource, and of `storage` for each claim; of those that are not named there is no limit. */
  readonly jobMaxResources?: ResourceList;
  /** Longest that a job may ask for its task to run; without it there is no limit. */
  readonly jobMaxRunTimeoutMs?: number;
  /** Longest that a job may ask for until its first container runs. */
  readonly jobMaxStartTimeoutMs: number;
  /** What jobs may name of the cluster. */
  readonly allowed: AllowedObjects;
  /** Images that jobs may run; all without it. */
  readonly allowedImages?: readonly ImagePattern[];
  readonly synchronizationIntervalMs: number;
  /** Temporal Web UI; undefined when there is none for people. */
  readonly temporalUiUrl?: string;
  /** Where all workers are reached, and the token that they ask for; absent when the API does not hear from them. */
  readonly workers?: { readonly url: string; readonly token: string };
  /** True when jobs have to wait for their turn, as there are limits of how many go at one time. */
  readonly isQueueing: boolean;
}

/** A version of the worker, as Temporal knows it. */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** What the operator sets on the pods of all jobs. */
export interface EnforcedTerms {
  /** RuntimeClass of the pods, as for gVisor or Kata; without it the node's default runtime. */
  readonly runtimeClass?: string;
  /** True when the pods get a user namespace, in which root is another user of the node (`hostUsers: false`). */
  readonly hasUserNamespace: boolean;
  /** Labels that the nodes must have; they come before those of a job. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Tolerations beside those of a job. */
  readonly tolerations?: readonly Toleration[];
}

/** Configuration of the worker process. Durations are milliseconds. */
export interface WorkerConfig extends SharedConfig, TreeLimits {
  /** Address of the probes and the metrics. */
  readonly host: string;
  readonly port: number;
  /** Bearer token for `/changes`, which does not exist without it. */
  readonly changesToken?: string;
  /** Port of the metrics of Temporal's SDK; there are none when it is absent. */
  readonly temporalMetricsPort?: number;
  /** Image that holds the `download` and `upload` programs. */
  readonly transferImage: string;
  /** Pod Security level that the pods of jobs keep to. */
  readonly podSecurity: PodSecurity;
  readonly bucketCredentials: BucketCredentials;
  /** What the pods of all jobs get, whatever a job says. */
  readonly enforced: EnforcedTerms;
  /** Keys of labels of jobs that stand on their objects on the cluster as they are. */
  readonly allowedLabels: AllowList;
  /** Limit of the ephemeral storage of a task whose job says none, as a Kubernetes quantity. */
  readonly ephemeralStorage: string;
  /** Most bytes that a job may have written to /output; without it there is no limit. */
  readonly maxOutputBytes?: number;
  /** Without it the worker takes no part in Worker Versioning. */
  readonly version?: WorkerVersion;
  /** Time from one reconciliation to the next. */
  readonly reconcileIntervalMs: number;
  /** How old a thing must be before nobody is taken for its owner. */
  readonly reconcileGraceMs: number;
  /** How many jobs may go at one time; absent when there is no limit. */
  readonly inFlight?: InFlightLimits;
}

/** What a command needs that works with MongoDB alone. */
export type StoreConfig = Pick<SharedConfig, 'mongo' | 'warnings'>;
