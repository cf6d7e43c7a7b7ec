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

/** User and group of the transfer containers; the group also owns the claims, so that any other user can write there. */
export const TRANSFER_UID = 65532;

/** Backstop of the backstop: the service deletes a Job when the job ends, the cluster after a day. */
const TTL_AFTER_FINISHED_SECONDS = 24 * 3600;

/** Between SIGTERM and SIGKILL of a killed task. */
const GRACE_PERIOD_SECONDS = 10;

/** A lost node is noticed by the cluster after 50 s; a minute more lets a rebooted kubelet come back. */
const NODE_LOSS_TOLERATION_SECONDS = 60;

const CREDENTIALS_FOLDER = '/credentials';
const SCRATCH_FOLDER = '/scratch';

/** What the transfer containers need to reach the bucket. */
export interface TransferSettings {
  readonly image: string;
  readonly bucketName: string;
  readonly apiEndpoint?: string;
  /** True when the credential's secret exists and has to be mounted. */
  readonly hasCredentials: boolean;
}

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

function downloadContainer(transfer: TransferSettings, input: StoredObject): V1Container {
  return transferContainer('input', 'download', transfer, TRANSFER_UID, '/input', {
    TRANSFER_OBJECT: input.object,
    TRANSFER_SIZE_BYTES: String(input.sizeBytes),
    TRANSFER_CRC32C: input.crc32c,
  });
}

function uploadContainer(transfer: TransferSettings, object: string, user: number): V1Container {
  return transferContainer('cleanup', 'upload', transfer, user, '/output', { TRANSFER_OBJECT: object });
}

function transferContainer(
  name: 'input' | 'cleanup',
  verb: 'download' | 'upload',
  transfer: TransferSettings,
  user: number,
  folder: string,
  environment: Record<string, string>,
): V1Container {
  const variables = { ...bucketEnvironment(transfer), TRANSFER_FOLDER: folder, ...environment };
  return {
    name,
    image: transfer.image,
    imagePullPolicy: 'IfNotPresent',
    args: [verb],
    env: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      runAsUser: user,
      runAsGroup: TRANSFER_UID,
      runAsNonRoot: user !== 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: name === 'input' ? 'input' : 'output', mountPath: folder, readOnly: name === 'cleanup' },
      { name: 'scratch', mountPath: SCRATCH_FOLDER },
      ...(transfer.hasCredentials ? [{ name: 'credentials', mountPath: CREDENTIALS_FOLDER, readOnly: true }] : []),
    ],
  };
}

function bucketEnvironment(transfer: TransferSettings): Record<string, string> {
  return {
    GC_BUCKET_NAME: transfer.bucketName,
    TRANSFER_SCRATCH: SCRATCH_FOLDER,
    ...(transfer.apiEndpoint && { GC_API_ENDPOINT: transfer.apiEndpoint }),
    ...(transfer.hasCredentials && { GC_CREDENTIALS_FILE_PATH: `${CREDENTIALS_FOLDER}/${SECRET_KEY}` }),
  };
}

function transferVolumes(transfer: TransferSettings): V1Volume[] {
  const credentials = { name: 'credentials', secret: { secretName: SECRET_NAME, defaultMode: 0o440 } };
  return [{ name: 'scratch', emptyDir: {} }, ...(transfer.hasCredentials ? [credentials] : [])];
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
