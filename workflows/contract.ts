/**
 * What a batch job is to everybody: its statuses, phases and reasons, and the shapes that cross a process border.
 * The API, the worker, the watcher and the tests import this file; it imports nothing but types.
 */
import type { FailureReason } from './failure-reasons.ts';
import type { JobParameters, ResourceList } from './parameters.ts';

/** The six statuses of the public contract. */
export const JOB_STATUSES = ['created', 'running', 'cleaning', 'succeeded', 'failed', 'killed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Statuses that never change again. */
export const FINAL_STATUSES = ['succeeded', 'failed', 'killed'] as const satisfies readonly JobStatus[];

/** Statuses of a job that goes on. */
export const UNENDED_STATUSES: readonly JobStatus[] = JOB_STATUSES.filter((status) => !isFinal(status));

/** True when a job of this status has ended. */
export function isFinal(status: JobStatus): boolean {
  return (FINAL_STATUSES as readonly JobStatus[]).includes(status);
}

/**
 * What a job is doing within its status.
 * `queued` (not yet its turn) → `preparing` (secret, claims, input object) → `starting` (Job deployed, pod pending) → `downloading` (init container)
 * → `running` (task container) → `uploading` (cleanup Job) → `deleting` (cluster objects) → `ended`.
 */
export const JOB_PHASES = [
  'queued',
  'preparing',
  'starting',
  'downloading',
  'running',
  'uploading',
  'deleting',
  'ended',
] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** The first cause of a failed job. Absent fields are unknown, never zero. */
export interface Failure {
  readonly reason: FailureReason;
  readonly phase: JobPhase;
  readonly message: string;
  readonly container?: ContainerRole;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly hint?: string;
  /** True when the same job may well succeed if it is sent again. */
  readonly retryable: boolean;
}

/** An object in the bucket, as it was verified when it was written. */
export interface StoredObject {
  readonly object: string;
  readonly sizeBytes: number;
  /** CRC32C of the content, base64 of the big-endian value, as Google Cloud Storage writes it. */
  readonly crc32c: string;
}

/** Argument of the workflow. */
export interface JobRequest {
  /** UUID of the job. */
  readonly id: string;
  /** Name of the job, of its Kubernetes Job and of its objects in the bucket: no two jobs have one. */
  readonly name: string;
  /** When the request was accepted, in epoch milliseconds. */
  readonly created: number;
  /** Whose job it is; absent where nobody is asked who they are. */
  readonly owner?: string;
  readonly parameters: JobParameters;
  /** The spooled input zip; absent when the job has no input. */
  readonly input?: StoredObject;
  /** Longest time between two looks at the cluster when no event arrives, in milliseconds. */
  readonly synchronizationIntervalMs: number;
  /** How long a pod may take until its first container runs, in milliseconds. */
  readonly startTimeoutMs: number;
  /** How long the task may run, in milliseconds. */
  readonly runTimeoutMs: number;
  /** How long the input may take to come, and the output to go, in milliseconds. */
  readonly transferTimeoutMs: number;
  /** Most that its task may be given of a resource, also when it is tried again; absent when nothing is limited. */
  readonly maxResources?: ResourceList;
  /** True when the job has to be let go before anything is made of it. */
  readonly isQueued?: boolean;
}

/** How many jobs may go at one time; without a number there is no limit. */
export interface InFlightLimits {
  readonly all?: number;
  readonly perOwner?: number;
}

/** A job that goes, or is to go. */
export interface QueuedJob {
  readonly name: string;
  /** Absent where nobody is asked who they are: all such jobs have one owner. */
  readonly owner?: string;
}

/** A job that asks to be let go. */
export interface AskingJob extends QueuedJob {
  /** When Temporal took it, in ms since 1970: of one owner's jobs who came first goes first, whenever it asks. */
  readonly acceptedMs: number;
}

/** How many jobs wait, and how many go. */
export interface QueueCounts {
  readonly queued: number;
  readonly inFlight: number;
}

/** Memo of the workflow: what Temporal tells of a job without asking the job itself. */
export interface JobMemo {
  /** Absent when the workflow is too old to have a memo. */
  readonly jobId?: string;
  /** The spooled input that it was started with. */
  readonly inputObject?: string;
  /** SHA-256 of the idempotency key that the job was sent with. */
  readonly keyHash?: string;
  /** Hash of the request that came with that key. */
  readonly requestHash?: string;
}

/** The longest that each wait of a job may take. */
export type Deadlines = Pick<JobRequest, 'startTimeoutMs' | 'runTimeoutMs' | 'transferTimeoutMs'>;

/** The zip that a job wrote, as verified in the bucket. */
export interface JobOutput extends StoredObject {
  /** Files and folders in the zip. */
  readonly files: number;
  /** False when the task failed, or ran out of time, or when some of the output could not be read. */
  readonly complete: boolean;
  /** How many links that lead out of the output, and special files, were left out; absent when there are none. */
  readonly skipped?: number;
}

/** An attempt that failed and was followed by another one. Times are epoch milliseconds. */
export interface Attempt {
  readonly failure: Failure;
  /** Exit code of the task container. */
  readonly exitCode?: number;
  /** Absent when its pod never started. */
  readonly startTime?: number;
  readonly stopTime: number;
  /** Objects that hold the logs of its containers, as far as they are kept. */
  readonly logObjects?: LogObjects;
}

/** Epoch milliseconds at which a job was first seen in a phase. */
export type PhaseTimes = Readonly<Partial<Record<JobPhase, number>>>;

/** The whole state of a job: what the `job` query returns and MongoDB mirrors. Times are epoch milliseconds. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly workflowId: string;
  readonly status: JobStatus;
  readonly phase: JobPhase;
  /** Grows by one with every change; a mirror never goes back. */
  readonly revision: number;
  readonly created: number;
  /** Whose job it is; absent where nobody is asked who they are. */
  readonly owner?: string;
  readonly startTime?: number;
  readonly stopTime?: number;
  /** When each phase of the present attempt began; absent in jobs that began before this was told. */
  readonly phaseTimes?: PhaseTimes;
  readonly parameters: JobParameters;
  readonly hasInput: boolean;
  readonly killRequested: boolean;
  /** Attempts before the present one, oldest first; absent when this is the first. */
  readonly attempts?: readonly Attempt[];
  /** Exit code of the task container. */
  readonly exitCode?: number;
  readonly failure?: Failure;
  /** What the cluster answered when it refused the job: a Kubernetes `Status`, or the pod that could not start. */
  readonly clusterResponse?: unknown;
  readonly output?: JobOutput;
  /** Objects that hold the logs of the containers, as far as they are kept. */
  readonly logObjects?: LogObjects;
  /** When the cluster had nothing of the job left. */
  readonly releasedTime?: number;
}

/** Which of a job's two Kubernetes Jobs an observation is about. */
export type JobRole = 'task' | 'cleanup';

/** Which container a log or a failure is about. */
export const CONTAINER_ROLES = ['input', 'task', 'cleanup'] as const;
export type ContainerRole = (typeof CONTAINER_ROLES)[number];

/** Names of the objects that hold logs, by container. */
export type LogObjects = Readonly<Partial<Record<ContainerRole, string>>>;
