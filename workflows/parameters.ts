/** What a client may ask for: the parameters of a job, as they stand in the request and in its workflow. */
import type { FailureReason } from './failure-reasons.ts';

/** CPU, memory or any other Kubernetes resource, as Kubernetes quantities. */
export type ResourceList = Readonly<Record<string, string>>;

/** Requests and limits of a container. */
export interface Resources {
  readonly limits?: ResourceList;
  readonly requests?: ResourceList;
}

/** Kubernetes keeps a deadline as a signed 32-bit number of seconds, and adds some of ours: ten years each are enough. */
export const MAX_TIMEOUT_SECONDS = 10 * 365 * 86_400;

export const TOLERATION_OPERATORS = ['Exists', 'Equal'] as const;
export const TOLERATION_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** A toleration as Kubernetes writes it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: (typeof TOLERATION_OPERATORS)[number];
  readonly value?: string;
  readonly effect?: (typeof TOLERATION_EFFECTS)[number];
  readonly tolerationSeconds?: number;
}

/**
 * Where /input and /output lie: on claims, which outlive a pod, or in folders of the one pod that downloads, runs and uploads, which go
 * with it.
 */
export const STORAGE_MODES = ['persistent', 'ephemeral'] as const;
export type StorageMode = (typeof STORAGE_MODES)[number];

/** Where a job keeps its files while it goes. */
export interface Storage {
  /** Default: persistent. */
  readonly mode?: StorageMode;
  /** Size of /input, and of /output, as a Kubernetes quantity. */
  readonly size?: string;
  /** Storage class of the claims; without it the cluster's default. */
  readonly class?: string;
}

/** When the output is kept: only of a task that ended with 0, or also of one that failed or ran out of time. */
export const OUTPUTS_ON = ['success', 'always'] as const;

/** When the node pulls the image, in Kubernetes' words. */
export const IMAGE_PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const;

/**
 * Which failures of an attempt are followed by another one. Disruptions by the cluster are, whatever stands here, and do not count;
 * unless `max_attempts` is 1.
 */
export interface RetryPolicy {
  /** Most attempts that count, the first among them. Default: 3. */
  readonly max_attempts?: number;
  /** Failures to try again after. Without reasons, exit codes and a memory factor: all that are `retryable`. */
  readonly reasons?: readonly FailureReason[];
  /** Exit codes of the task to try again after. */
  readonly exit_codes?: readonly number[];
  /** Seconds before the second attempt, twice as many before each further one, an hour at most. Default: 10. */
  readonly backoff_seconds?: number;
  /** The task's memory is multiplied by this each time that it ran out of it. */
  readonly memory_factor?: number;
}

/** The value of a key of a Secret in the namespace of the jobs. */
export interface SecretValue {
  /** `name/key`. */
  readonly secret: string;
}

/** A text that only the worker can read. */
export interface SealedValue {
  /** Compact JWE. */
  readonly sealed: string;
}

/** What Kubernetes' own default is not: a task has been asked to end, and nobody waits for more. */
export const DEFAULT_GRACE_SECONDS = 10;

/** What a container finds in an environment variable, or where it comes from. */
export type EnvironmentValue = string | SecretValue | SealedValue;

/** What the client asked for, after validation; without the input's bytes. */
export interface JobParameters {
  readonly docker_image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly environment_variables?: Readonly<Record<string, EnvironmentValue>>;
  readonly resources?: Resources;
  /** How long the task may run. */
  readonly timeout_seconds?: number;
  /** How long the pod may take until its first container runs. */
  readonly start_timeout_seconds?: number;
  /** Between SIGTERM and SIGKILL of a task that is stopped. Default: {@link DEFAULT_GRACE_SECONDS}. */
  readonly grace_seconds?: number;
  readonly outputs_on?: (typeof OUTPUTS_ON)[number];
  readonly storage?: Storage;
  readonly node_selector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly priority_class?: string;
  /** Queue of Kueue. */
  readonly queue?: string;
  readonly image_pull_policy?: (typeof IMAGE_PULL_POLICIES)[number];
  readonly retry?: RetryPolicy;
}
