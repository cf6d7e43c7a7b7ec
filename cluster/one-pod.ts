import type { V1Container, V1Job, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import type { JobRequest, StoredObject } from '../workflows/contract.ts';
import { refOf } from '../workflows/observation.ts';
import type { AttemptSpec } from '../workflows/observation.ts';
import { PROOF_SECONDS } from './deadline.ts';
import { EPHEMERAL_STORAGE } from './ephemeral-storage.ts';
import { objectLabelsOf } from './job-labels.ts';
import { jobManifest } from './job-manifest.ts';
import { attemptRef, SEND_ANNOTATION } from './names.ts';
import { basePod } from './pod.ts';
import type { PodSettings } from './pod-settings.ts';
import { sumOf } from './quantity.ts';
import { taskContainer } from './task-container.ts';
import { downloadContainer, transferVolumes, TRANSFER_UID, uploadContainer } from './transfer-containers.ts';

const WORD_FOLDER = '/word';
const WORD_FILE = 'send';

/** Nobody listens there, so that a probe of it always fails. */
const UNUSED_PORT = 1;

/**
 * The Job whose one pod fetches `input`, runs the user's container, and zips /output into `object`, each after the other: a container that
 * fails keeps those after it from starting. Where the output is kept whatever becomes of the task, the upload waits beside the task for
 * the word to begin, and the node itself ends a task that runs too long.
 */
export function onePodJobManifest(
  request: JobRequest,
  object: string,
  settings: PodSettings,
  input?: StoredObject,
  again?: AttemptSpec,
): V1Job {
  const { parameters, runTimeoutMs } = request;
  const ref = attemptRef(refOf(request), again);
  const size = parameters.storage?.size ?? settings.claimSize;
  const fetch = input ? [downloadContainer(ref, settings.transfer, input, size)] : [];
  const task = taskContainer(ref, request, settings, input !== undefined, again?.memoryFactor);
  const reading = { user: TRANSFER_UID, skipsUnreadable: true };
  const upload = uploadContainer(ref, settings.transfer, object, reading);
  const isKept = parameters.outputs_on === 'always';
  const volumes = [...foldersOf(size, input), ...transferVolumes(settings.transfer, input)];
  const sizes = volumes.flatMap(({ emptyDir }) => emptyDir?.sizeLimit ?? []);
  const pod: V1PodSpec = {
    ...basePod(parameters, settings.enforced),
    initContainers: isKept ? fetch : [...fetch, task],
    containers: isKept
      ? [endedAfter(task, runTimeoutMs), toldToSend(withRoom(upload, sizes))]
      : [withRoom(upload, [...sizes, storageLimitOf(task)])],
    volumes: isKept ? [...volumes, wordVolume()] : volumes,
  };
  const labels = objectLabelsOf(parameters.labels, settings.allowedLabels);
  return jobManifest(ref, 'task', pod, onePodTimeMs(request), { labels, queue: parameters.queue });
}

/** How long the pod of a job in one pod may be there, in milliseconds, from its deployment to the end of its upload. */
export function onePodTimeMs(request: JobRequest): number {
  const { startTimeoutMs, runTimeoutMs, transferTimeoutMs, input } = request;
  const fetchMs = input === undefined ? 0 : transferTimeoutMs + startTimeoutMs;
  return fetchMs + startTimeoutMs + runTimeoutMs + startTimeoutMs + transferTimeoutMs;
}

/** Folders that are there as long as the pod is. */
function foldersOf(size: string, input: StoredObject | undefined): V1Volume[] {
  const names = input ? ['output', 'input'] : ['output'];
  return names.map((name) => ({ name, emptyDir: { sizeLimit: size } }));
}

/**
 * The kubelet holds a pod as a whole to the limits of its main containers together, and counts all folders of the pod: so one of them is
 * given room for what lies there beside its own.
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-storage/#resource-emphemeralstorage-consumption
 */
function withRoom(container: V1Container, quantities: readonly string[]): V1Container {
  const limit = sumOf([storageLimitOf(container), ...quantities]);
  const { resources = {} } = container;
  return { ...container, resources: { ...resources, limits: { ...resources.limits, [EPHEMERAL_STORAGE]: limit } } };
}

function storageLimitOf({ resources }: V1Container): string {
  return resources?.limits?.[EPHEMERAL_STORAGE] ?? '0';
}

/**
 * Ended by its node when it has run for so long: by a SIGTERM, and after the grace of the pod by a SIGKILL. A second later than it might be,
 * so that the whole seconds that the cluster tells say without a doubt that it was the node.
 */
function endedAfter(task: V1Container, runTimeoutMs: number): V1Container {
  const initialDelaySeconds = Math.ceil(runTimeoutMs / 1000) + PROOF_SECONDS;
  const probe = { initialDelaySeconds, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 1 };
  return { ...task, livenessProbe: { ...probe, tcpSocket: { port: UNUSED_PORT } } };
}

function toldToSend(upload: V1Container): V1Container {
  const { env = [], volumeMounts = [] } = upload;
  return {
    ...upload,
    env: [...env, { name: 'TRANSFER_WORD', value: `${WORD_FOLDER}/${WORD_FILE}` }],
    volumeMounts: [...volumeMounts, { name: 'word', mountPath: WORD_FOLDER, readOnly: true }],
  };
}

/** A file that is empty until the pod gets its annotation. */
function wordVolume(): V1Volume {
  const fieldRef = { fieldPath: `metadata.annotations['${SEND_ANNOTATION}']` };
  return { name: 'word', downwardAPI: { items: [{ path: WORD_FILE, fieldRef }] } };
}
