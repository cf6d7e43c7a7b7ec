import type {
  V1Container,
  V1Job,
  V1PersistentVolumeClaim,
  V1PodSpec,
  V1Secret,
  V1Volume,
} from '@kubernetes/client-node';
import type { JobParameters, StoredObject } from '../workflows/contract.ts';
import type { JobRef } from './names.ts';
import { inputClaimOf, kubernetesJobOf, labelsOf, outputClaimOf, SECRET_KEY, SECRET_NAME } from './names.ts';
import { downloadContainer, TRANSFER_UID, transferVolumes, uploadContainer } from './transfer-containers.ts';
import type { TransferSettings } from './transfer-containers.ts';

/** Backstop of the backstop: the service deletes a Job when the job ends, the cluster after a day. */
const TTL_AFTER_FINISHED_SECONDS = 24 * 3600;

/** Between SIGTERM and SIGKILL of a killed task. */
const GRACE_PERIOD_SECONDS = 10;

/** A lost node is noticed by the cluster after 50 s; a minute more lets a rebooted kubelet come back. */
const NODE_LOSS_TOLERATION_SECONDS = 60;

/** The bucket's credential as a secret of the jobs' namespace. */
export function secretManifest(credentialsJson: string): V1Secret {
  return {
    metadata: { name: SECRET_NAME, labels: { 'app.kubernetes.io/managed-by': 'kubernetes-task-runner' } },
    type: 'Opaque',
    stringData: { [SECRET_KEY]: credentialsJson },
  };
}

/** A claim of `ref` called `claimName`. `size` is a Kubernetes quantity. */
export function claimManifest(ref: JobRef, claimName: string, size: string): V1PersistentVolumeClaim {
  return {
    metadata: { name: claimName, labels: labelsOf(ref) },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
  };
}

/** The Job that runs the user's container; with `input`, an init container fetches it first. */
export function taskJobManifest(
  ref: JobRef,
  parameters: JobParameters,
  transfer: TransferSettings,
  input?: StoredObject,
): V1Job {
  const pod: V1PodSpec = {
    ...basePod(),
    containers: [taskContainer(parameters, input !== undefined)],
    volumes: [claimVolume('output', outputClaimOf(ref.name))],
  };
  if (input) {
    pod.initContainers = [downloadContainer(transfer, input)];
    pod.volumes?.push(claimVolume('input', inputClaimOf(ref.name)), ...transferVolumes(transfer));
  }
  return jobManifest(ref, 'task', pod);
}

/** Where the cleanup pod runs and as whom. */
export interface CleanupPlacement {
  /** Node of the task's pod: its claims are mounted there already. */
  readonly nodeName?: string;
  /** Owner of files that the transfer user cannot read; without it {@link TRANSFER_UID}. */
  readonly runAsUser?: number;
}

/** The Job that zips /output into the bucket object `object`. */
export function cleanupJobManifest(
  ref: JobRef,
  object: string,
  transfer: TransferSettings,
  placement: CleanupPlacement,
): V1Job {
  const pod: V1PodSpec = {
    ...basePod(),
    ...(placement.nodeName && { affinity: preferNode(placement.nodeName) }),
    containers: [uploadContainer(transfer, object, placement.runAsUser ?? TRANSFER_UID)],
    volumes: [claimVolume('output', outputClaimOf(ref.name)), ...transferVolumes(transfer)],
  };
  const job = jobManifest(ref, 'cleanup', pod);
  job.metadata = {
    ...job.metadata,
    annotations: { job_runner_job_type: 'cleanup', job_runner_related_job: ref.name },
  };
  return job;
}

function jobManifest(ref: JobRef, role: 'task' | 'cleanup', pod: V1PodSpec): V1Job {
  const labels = labelsOf(ref, role);
  return {
    metadata: { name: kubernetesJobOf(ref.name, role), labels },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: TTL_AFTER_FINISHED_SECONDS,
      template: { metadata: { labels, annotations: { 'sidecar.istio.io/inject': 'false' } }, spec: pod },
    },
  };
}

function basePod(): Omit<V1PodSpec, 'containers'> {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_PERIOD_SECONDS,
    securityContext: {
      fsGroup: TRANSFER_UID,
      // The modes of what the task wrote stay as they are when the cleanup pod mounts the claim.
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    tolerations: ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: NODE_LOSS_TOLERATION_SECONDS,
    })),
  };
}

function taskContainer(parameters: JobParameters, hasInput: boolean): V1Container {
  const { command, args, environment_variables, resources } = parameters;
  return {
    name: 'task',
    image: parameters.docker_image,
    imagePullPolicy: 'IfNotPresent',
    ...(command && { command: command.map(literal) }),
    ...(args && { args: args.map(literal) }),
    env: Object.entries(environment_variables ?? {}).map(([name, value]) => ({ name, value: literal(value) })),
    ...(resources && { resources: { ...resources } }),
    securityContext: { allowPrivilegeEscalation: false },
    volumeMounts: [
      { name: 'output', mountPath: '/output' },
      ...(hasInput ? [{ name: 'input', mountPath: '/input', readOnly: true }] : []),
    ],
  };
}

/**
 * Kubernetes expands `$(NAME)` in values, commands and arguments; doubling the dollar keeps it as it was written.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function claimVolume(name: string, claimName: string): V1Volume {
  return { name, persistentVolumeClaim: { claimName } };
}

function preferNode(nodeName: string): NonNullable<V1PodSpec['affinity']> {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }];
  return {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: { matchExpressions } }],
    },
  };
}
