/** How a job is named to the cluster, and what is seen of it there: the shapes between the activities, the watcher and the workflow. */
import type { TransferReport } from '../transfer/report.ts';
import type { Deadlines, Failure, Job, JobRole } from './contract.ts';
import type { JobParameters, StorageMode } from './parameters.ts';

/** What names a job on the cluster, or one attempt of it. */
export interface JobRef {
  readonly id: string;
  readonly name: string;
  /** Which attempt; the first is 1. Without it all of them, or the first where one is named. */
  readonly attempt?: number;
  /** `ephemeral` when one pod does all of an attempt; absent when the cleanup has a pod of its own. */
  readonly storageMode?: Extract<StorageMode, 'ephemeral'>;
}

/** What names the job to the steps: a history need not hold the parameters once for each of them. */
export function refOf({ id, name, parameters }: Pick<Job, 'id' | 'name' | 'parameters'>): JobRef {
  return { id, name, ...(parameters.storage?.mode === 'ephemeral' && { storageMode: 'ephemeral' }) };
}

/** True when one pod downloads, runs and uploads, so that one Kubernetes Job plays both roles. */
export function isOnePod({ storageMode }: Pick<JobRef, 'storageMode'>): boolean {
  return storageMode === 'ephemeral';
}

/**
 * How far a Kubernetes Job has come, judged level by level from the Job's conditions and all of the pod's container statuses.
 * `downloaded`: the input is there, and the task's container does not run yet. `missing` is said only after a positive answer
 * that the object does not exist.
 */
export type ObservedStage = 'pending' | 'downloading' | 'downloaded' | 'running' | 'succeeded' | 'failed' | 'missing';

/** True for a stage after which nothing comes. */
export function isEnd(stage: ObservedStage): boolean {
  return stage === 'succeeded' || stage === 'failed' || stage === 'missing';
}

/** One look at one Kubernetes Job and its pod: the level, not the edge. Poll and watcher both make it. */
export interface Observation {
  readonly role: JobRole;
  /** UID of the Kubernetes Job; absent only when it is missing. */
  readonly jobUid?: string;
  readonly podName?: string;
  readonly podUid?: string;
  readonly nodeName?: string;
  readonly stage: ObservedStage;
  /** The Kubernetes Job's start, in epoch milliseconds. */
  readonly startTime?: number;
  readonly exitCode?: number;
  /** Set with stage `failed` or `missing`. */
  readonly failure?: Failure;
  /** Set while the pod is kept from starting by something that may heal or not. */
  readonly trouble?: Trouble;
  /** What the transfer container that ended last says of itself. */
  readonly report?: TransferReport;
}

/** What sets an attempt of a job apart from the first. */
export interface AttemptSpec {
  /** Which attempt it is: 2 or more. */
  readonly attempt: number;
  /** What the memory of the task is multiplied by. */
  readonly memoryFactor: number;
}

/** Where and how the cleanup pod runs. */
export interface CleanupPlacement
  extends
    Pick<JobParameters, 'node_selector' | 'tolerations' | 'priority_class'>,
    Pick<Deadlines, 'startTimeoutMs' | 'transferTimeoutMs'> {
  /** Node of the task's pod: its claims are mounted there already. */
  readonly nodeName?: string;
  /** Owner of a file that the transfer user cannot read; without it the transfer's own user. */
  readonly runAsUser?: number;
}

/** What the cluster shows of a pod that did not start. */
export interface Evidence {
  /** The pod as the cluster has it, without its environment; absent when there is none. */
  readonly pod?: unknown;
  /** The newest complaint about it, in the cluster's own words. */
  readonly message?: string;
  /** What the cluster said of a pull that has not ended; absent when there is none. */
  readonly pulling?: string;
}

/** Why a pod does not start, and whether waiting can help. */
export interface Trouble {
  readonly failure: Failure;
  /** `now`: fail at once; `grace`: fail if it lasts; `wait`: it may heal until the start deadline. */
  readonly patience: 'now' | 'grace' | 'wait';
}
