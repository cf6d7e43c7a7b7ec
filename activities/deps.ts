import type { WorkflowClient } from '@temporalio/client';
import type { Bucket } from '../bucket/bucket.ts';
import type { Cluster } from '../cluster/client.ts';
import type { ReadStampedLog } from '../cluster/follow-log.ts';
import type { ReadLog } from '../cluster/logs.ts';
import type { PodSettings } from '../cluster/pod-settings.ts';
import type { Sealer } from '../sealing.ts';
import type { OnReconciled } from './report.ts';
import type { Store } from '../store/store.ts';
import type { ContainerRole, InFlightLimits, JobRole } from '../workflows/contract.ts';
import type { JobRef, Observation } from '../workflows/observation.ts';

/** What the watches of this process know, which spares a request. */
export interface Watches {
  /** What is true of a Kubernetes Job; undefined when only the cluster itself can tell. */
  shows(ref: JobRef, role: JobRole): Observation | undefined;
  /** All that a transfer container of a pod has said; undefined when its log has to be asked for. */
  transferLogOf(ref: JobRef, role: JobRole, podName: string, container: ContainerRole): string | undefined;
  /** True while somebody signals each change to the workflows. */
  areTold(): boolean;
}

/** Everything the activities need of the outside, made once by the worker. */
export interface ActivityDeps {
  readonly cluster: Cluster;
  /** Absent where nobody watches. */
  readonly watches?: Watches;
  readonly readLog: ReadLog;
  readonly readStampedLog: ReadStampedLog;
  readonly bucket: Bucket;
  readonly store: Pick<Store, 'record' | 'list' | 'find' | 'findMany'>;
  readonly workflows: Pick<WorkflowClient, 'list' | 'getHandle' | 'signalWithStart' | 'options'>;
  readonly pods: PodSettings;
  /** The service account's JSON for the jobs' secret; undefined when pods reach the bucket without one. */
  readonly credentialsJson: string | undefined;
  /** Opens what is sensitive; undefined when no keys are given. */
  readonly sealer: Sealer | undefined;
  /** Size of each claim, as a Kubernetes quantity. */
  readonly claimSize: string;
  /** What tells this deployment from others that share the cluster or the bucket. */
  readonly instance: string;
  readonly onReconciled: OnReconciled;
  /** How many jobs may go at one time; undefined when there is no limit. */
  readonly inFlight: InFlightLimits | undefined;
  /** How old a thing must be before nobody is taken for its owner, in milliseconds. */
  readonly graceMs: number;
}
