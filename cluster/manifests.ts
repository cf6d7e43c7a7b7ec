import type {
  V1Job,
  V1PersistentVolumeClaim,
  V1PodFailurePolicy,
  V1PodSpec,
  V1Secret,
  V1Volume,
} from '@kubernetes/client-node';
import type { JobRequest, JobRole, StoredObject } from '../workflows/contract.ts';
import type { AttemptSpec, CleanupPlacement, JobRef } from '../workflows/observation.ts';
import type { JobParameters, Storage } from '../workflows/parameters.ts';
import { refOf } from '../workflows/state.ts';
import { RootNotAllowedError } from './errors.ts';
import {
  attemptRef,
  inputClaimOf,
  jobSecretOf,
  kubernetesJobOf,
  labelsOf,
  outputClaimOf,
  QUEUE_LABEL,
  SECRET_KEY,
  SECRET_NAME,
} from './names.ts';
import { basePod, preferNode } from './pod.ts';
import { taskContainer } from './task-container.ts';
import type { TaskSettings } from './task-container.ts';
import { downloadContainer, TRANSFER_UID, transferVolumes, uploadContainer } from './transfer-containers.ts';
import type { TransferSettings } from './transfer-containers.ts';

/** A Job as the cluster has it. */
export type KubernetesJob = V1Job;

/** What a Secret holds, by key. */
export type SecretEntries = Readonly<Record<string, string>>;

/** What the service decides about the pods of all jobs. */
export interface PodSettings extends TaskSettings {
  readonly transfer: TransferSettings;
  /** Size of each claim of a job that names none, as a Kubernetes quantity. */
  readonly claimSize: string;
}

/** Backstop of the backstop: the service deletes a Job when the job ends, the cluster after a day. */
const TTL_AFTER_FINISHED_SECONDS = 24 * 3600;

/**
 * The service keeps the deadlines itself, and so can keep log and output. This is for when it cannot: the cluster ends a Job that is
 * so much later.
 */
const DEADLINE_MARGIN_SECONDS = 3600;

/**
 * Keeps in the condition of the Job why its pod failed, for when the pod is gone before anybody has read it. No pod is made again
 * either way: the workflow decides about that. A pod that failed without an exit code and without a disruption meets no rule.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
const FAILURE_POLICY: V1PodFailurePolicy = {
  rules: [
    { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailJob', onExitCodes: { operator: 'NotIn', values: [0] } },
  ],
};

const ROOT = 0;

/** A sidecar of a mesh would outlive the task, or end before an upload has: its Job would never be complete, or the output cut off. */
const NO_MESH = { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' };

/** The bucket's credential as a secret of the jobs' namespace. */
export function secretManifest(credentialsJson: string): V1Secret {
  return {
    metadata: { name: SECRET_NAME, labels: { 'app.kubernetes.io/managed-by': 'kubernetes-task-runner' } },
    type: 'Opaque',
    stringData: { [SECRET_KEY]: credentialsJson },
  };
}

/** The Secret for the containers of `job`, which alone are given it: the cluster removes it with the Job. */
export function jobSecretManifest(ref: JobRef, role: JobRole, job: V1Job, entries: SecretEntries): V1Secret {
  const { name = '', uid = '' } = job.metadata ?? {};
  return {
    metadata: {
      name: jobSecretOf(ref, role),
      labels: labelsOf(ref, role),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }],
    },
    type: 'Opaque',
    immutable: true,
    stringData: { ...entries },
  };
}

/** A claim of `ref` called `claimName`. Without a class the cluster's default decides. */
export function claimManifest(
  ref: JobRef,
  claimName: string,
  claim: Required<Pick<Storage, 'size'>> & Storage,
): V1PersistentVolumeClaim {
  return {
    metadata: { name: claimName, labels: labelsOf(ref) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: claim.size } },
      ...(claim.class !== undefined && { storageClassName: claim.class }),
    },
  };
}

/** The Job that runs the user's container; with `input`, an init container fetches it first. `again` is given from the second on. */
export function taskJobManifest(
  request: JobRequest,
  settings: PodSettings,
  input?: StoredObject,
  again?: AttemptSpec,
): V1Job {
  const { transfer } = settings;
  const { parameters, startTimeoutMs, runTimeoutMs, transferTimeoutMs } = request;
  const ref = attemptRef(refOf(request), again);
  const pod: V1PodSpec = {
    ...basePod(parameters),
    containers: [taskContainer(ref, request, settings, input !== undefined, again?.memoryFactor)],
    volumes: [claimVolume('output', outputClaimOf(ref))],
  };
  if (input) {
    pod.initContainers = [downloadContainer(ref, transfer, input, parameters.storage?.size ?? settings.claimSize)];
    pod.volumes?.push(claimVolume('input', inputClaimOf(ref)), ...transferVolumes(transfer, input));
  }
  const deadlineMs = startTimeoutMs + runTimeoutMs + (input ? transferTimeoutMs + startTimeoutMs : 0);
  return jobManifest(ref, 'task', pod, deadlineMs, parameters);
}

/**
 * The Job that zips /output into the bucket object `object`.
 * @throws RootNotAllowedError when it had to run as root to read the output, and may not
 */
export function cleanupJobManifest(
  ref: JobRef,
  object: string,
  { transfer, security }: PodSettings,
  placement: CleanupPlacement,
): V1Job {
  const { nodeName, runAsUser = TRANSFER_UID, startTimeoutMs, transferTimeoutMs } = placement;
  if (runAsUser === ROOT && security === 'restricted') throw new RootNotAllowedError();
  const pod: V1PodSpec = {
    ...basePod(placement),
    ...(nodeName && { affinity: preferNode(nodeName) }),
    containers: [uploadContainer(ref, transfer, object, runAsUser)],
    volumes: [claimVolume('output', outputClaimOf(ref)), ...transferVolumes(transfer)],
  };
  const job = jobManifest(ref, 'cleanup', pod, startTimeoutMs + transferTimeoutMs);
  job.metadata = {
    ...job.metadata,
    annotations: { job_runner_job_type: 'cleanup', job_runner_related_job: ref.name },
  };
  return job;
}

/** @param deadlineMs what the service allows all waits together */
function jobManifest(
  ref: JobRef,
  role: 'task' | 'cleanup',
  pod: V1PodSpec,
  deadlineMs: number,
  { labels: ownLabels = {}, queue }: Pick<JobParameters, 'labels' | 'queue'> = {},
): V1Job {
  const labels = { ...ownLabels, ...labelsOf(ref, role) };
  const isQueued = queue !== undefined;
  return {
    metadata: {
      name: kubernetesJobOf(ref, role),
      labels: { ...labels, ...(isQueued && { [QUEUE_LABEL]: queue }) },
    },
    spec: {
      // A Job for Kueue is made suspended: the queue lets it go.
      ...(isQueued && { suspend: true }),
      backoffLimit: 0,
      // Otherwise a pod that is deleted or evicted gets a second one at once, while the first still runs.
      podReplacementPolicy: 'Failed',
      podFailurePolicy: FAILURE_POLICY,
      activeDeadlineSeconds: Math.ceil(deadlineMs / 1000) + DEADLINE_MARGIN_SECONDS,
      ttlSecondsAfterFinished: TTL_AFTER_FINISHED_SECONDS,
      template: { metadata: { labels, annotations: { ...NO_MESH } }, spec: pod },
    },
  };
}

function claimVolume(name: string, claimName: string): V1Volume {
  return { name, persistentVolumeClaim: { claimName } };
}
