import type { V1Job, V1PersistentVolumeClaim, V1PodSpec, V1Secret, V1Volume } from '@kubernetes/client-node';
import type { JobRequest, JobRole, StoredObject } from '../workflows/contract.ts';
import { refOf } from '../workflows/observation.ts';
import type { AttemptSpec, CleanupPlacement, JobRef } from '../workflows/observation.ts';
import type { Storage } from '../workflows/parameters.ts';

import { objectLabelsOf } from './job-labels.ts';
import { jobManifest } from './job-manifest.ts';
import { attemptRef, inputClaimOf, jobSecretOf, labelsOf, outputClaimOf, SECRET_KEY, SECRET_NAME } from './names.ts';
import { basePod, preferNode } from './pod.ts';
import type { PodSettings } from './pod-settings.ts';
import { taskContainer } from './task-container.ts';
import { downloadContainer, TRANSFER_UID, transferVolumes, uploadContainer } from './transfer-containers.ts';

/** A Job as the cluster has it. */
export type KubernetesJob = V1Job;

/** What a Secret holds, by key. */
export type SecretEntries = Readonly<Record<string, string>>;

const ROOT = 0;

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
    ...basePod(parameters, settings.enforced),
    containers: [taskContainer(ref, request, settings, input !== undefined, again?.memoryFactor)],
    volumes: [claimVolume('output', outputClaimOf(ref))],
  };
  if (input) {
    pod.initContainers = [downloadContainer(ref, transfer, input, parameters.storage?.size ?? settings.claimSize)];
    pod.volumes?.push(claimVolume('input', inputClaimOf(ref)), ...transferVolumes(transfer, input));
  }
  const deadlineMs = startTimeoutMs + runTimeoutMs + (input ? transferTimeoutMs + startTimeoutMs : 0);
  const labels = objectLabelsOf(parameters.labels, settings.allowedLabels);
  return jobManifest(ref, 'task', pod, deadlineMs, { labels, queue: parameters.queue });
}

/**
 * The Job that zips /output into the bucket object `object`. One that runs as an owner of files leaves out what it still may not read, and
 * so does one that would have to run as root where nothing may.
 */
export function cleanupJobManifest(
  ref: JobRef,
  object: string,
  { transfer, security, enforced }: PodSettings,
  placement: CleanupPlacement,
): V1Job {
  const { nodeName, runAsUser, startTimeoutMs, transferTimeoutMs } = placement;
  const isAllowed = runAsUser !== ROOT || security !== 'restricted';
  const user = (isAllowed ? runAsUser : undefined) ?? TRANSFER_UID;
  const reading = { user, skipsUnreadable: runAsUser !== undefined };
  const pod: V1PodSpec = {
    ...basePod(placement, enforced),
    ...(nodeName && { affinity: preferNode(nodeName) }),
    containers: [uploadContainer(ref, transfer, object, reading)],
    volumes: [claimVolume('output', outputClaimOf(ref)), ...transferVolumes(transfer)],
  };
  const job = jobManifest(ref, 'cleanup', pod, startTimeoutMs + transferTimeoutMs);
  job.metadata = {
    ...job.metadata,
    annotations: { job_runner_job_type: 'cleanup', job_runner_related_job: ref.name },
  };
  return job;
}

function claimVolume(name: string, claimName: string): V1Volume {
  return { name, persistentVolumeClaim: { claimName } };
}
