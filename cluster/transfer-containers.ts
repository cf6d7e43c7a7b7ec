import type { V1Container, V1EnvVar, V1Volume } from '@kubernetes/client-node';
import type { StoredObject } from '../workflows/contract.ts';
import { EPHEMERAL_STORAGE, NO_REQUEST } from './ephemeral-storage.ts';
import type { JobRef } from '../workflows/observation.ts';
import { jobSecretOf, SECRET_KEY, SECRET_NAME, URL_KEY } from './names.ts';
import { multiplied } from './quantity.ts';

/** User and group of the transfer containers; the group also owns the claims, so that any other user can write there. */
export const TRANSFER_UID = 65532;

const CREDENTIALS_FOLDER = '/credentials';
const SCRATCH_FOLDER = '/scratch';

/** Room on the node's disk beside what passes through: for a log, and for what a file system keeps of its own. */
const SPARE_BYTES = 64 * 1024 ** 2;

/** What a transfer takes, however large it is. */
const MEMORY_BYTES = 128 * 1024 ** 2;

/** What an upload takes for each file and folder: its place in the zip's directory, and its name while its folder is read. */
const MEMORY_PER_FILE_BYTES = 640;

/** What the transfer containers need to reach the bucket. */
export interface TransferSettings {
  readonly image: string;
  readonly bucketName: string;
  readonly apiEndpoint?: string;
  /** Most bytes that an input may have unpacked; without it its claim limits it alone. */
  readonly maxInputUnpackedBytes?: number;
  /** Most files and folders of an input, and of an output; without it there is no limit. */
  readonly maxFiles?: number;
  /** Most bytes that a job may have written to /output; without it there is no limit. */
  readonly maxOutputBytes?: number;
  /** The deployment that an output is marked with until it is published. */
  readonly instance?: string;
  /**
   * How they prove who they are: by the credential in the secret that all jobs share, by URLs that are good for one object each, or
   * as the place they run in lets them.
   */
  readonly credentials: 'secret' | 'signed-urls' | 'ambient';
}

/** The init container that unpacks `input` into /input, a claim of `claimSize`. */
export function downloadContainer(
  ref: JobRef,
  transfer: TransferSettings,
  input: StoredObject,
  claimSize: string,
): V1Container {
  const environment = {
    ...limits(transfer.maxInputUnpackedBytes, transfer.maxFiles),
    // Not every storage holds a claim to its size: what is beyond it would be taken from others.
    TRANSFER_VOLUME_BYTES: multiplied(claimSize, 1),
    TRANSFER_OBJECT: input.object,
    TRANSFER_SIZE_BYTES: String(input.sizeBytes),
    TRANSFER_CRC32C: input.crc32c,
  };
  const secretName = jobSecretOf(ref, 'task');
  const shape = { name: 'input', verb: 'download', user: TRANSFER_UID, memoryBytes: MEMORY_BYTES } as const;
  return transferContainer({ ...shape, environment, input, secretName }, transfer);
}

/** How an upload reads /output. */
export interface Reading {
  readonly user: number;
  /** True when it leaves out what it may not read; else it fails and names the owner. */
  readonly skipsUnreadable: boolean;
}

/** The container that zips /output into `object`. */
export function uploadContainer(
  ref: JobRef,
  transfer: TransferSettings,
  object: string,
  { user, skipsUnreadable }: Reading,
): V1Container {
  const environment = {
    TRANSFER_OBJECT: object,
    ...(transfer.instance !== undefined && { TRANSFER_INSTANCE: transfer.instance }),
    ...(skipsUnreadable && { TRANSFER_UNREADABLE: 'skip' }),
    ...limits(transfer.maxOutputBytes, transfer.maxFiles),
  };
  const secretName = jobSecretOf(ref, 'cleanup');
  const memoryBytes = MEMORY_BYTES + MEMORY_PER_FILE_BYTES * (transfer.maxFiles ?? 0);
  return transferContainer({ name: 'cleanup', verb: 'upload', user, memoryBytes, environment, secretName }, transfer);
}

function limits(maxBytes: number | undefined, maxFiles: number | undefined): Record<string, string> {
  return {
    ...(maxBytes !== undefined && { TRANSFER_MAX_BYTES: String(maxBytes) }),
    ...(maxFiles !== undefined && { TRANSFER_MAX_FILES: String(maxFiles) }),
  };
}

/** What sets the two transfer containers apart. */
interface TransferRole {
  readonly name: 'input' | 'cleanup';
  readonly verb: 'download' | 'upload';
  readonly user: number;
  /** Most memory that it may take. */
  readonly memoryBytes: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What may come through the scratch folder. */
  readonly input?: StoredObject;
  /** Where its signed URL is, if it has one. */
  readonly secretName: string;
}

function transferContainer(role: TransferRole, transfer: TransferSettings): V1Container {
  const { name, verb, user, memoryBytes, environment, input, secretName } = role;
  const folder = name === 'input' ? '/input' : '/output';
  const variables = { ...bucketEnvironment(transfer), TRANSFER_FOLDER: folder, ...environment };
  return {
    name,
    image: transfer.image,
    imagePullPolicy: 'IfNotPresent',
    args: [verb],
    env: [
      ...Object.entries(variables).map(([key, value]) => ({ name: key, value })),
      ...(transfer.credentials === 'signed-urls' ? [urlVariable(secretName)] : []),
    ],
    resources: {
      requests: { cpu: '50m', memory: '64Mi', [EPHEMERAL_STORAGE]: NO_REQUEST },
      limits: { memory: String(memoryBytes), [EPHEMERAL_STORAGE]: String(scratchBytes(input) + SPARE_BYTES) },
    },
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
      ...(transfer.credentials === 'secret'
        ? [{ name: 'credentials', mountPath: CREDENTIALS_FOLDER, readOnly: true }]
        : []),
    ],
  };
}

function urlVariable(secretName: string): V1EnvVar {
  return { name: 'TRANSFER_URL', valueFrom: { secretKeyRef: { name: secretName, key: URL_KEY } } };
}

function bucketEnvironment(transfer: TransferSettings): Record<string, string> {
  return {
    GC_BUCKET_NAME: transfer.bucketName,
    TRANSFER_SCRATCH: SCRATCH_FOLDER,
    ...(transfer.apiEndpoint && { GC_API_ENDPOINT: transfer.apiEndpoint }),
    ...(transfer.credentials === 'secret' && { GC_CREDENTIALS_FILE_PATH: `${CREDENTIALS_FOLDER}/${SECRET_KEY}` }),
  };
}

/** The volumes that a transfer container mounts beside its claim; `input` may pass through the scratch folder. */
export function transferVolumes(transfer: TransferSettings, input?: StoredObject): V1Volume[] {
  const credentials = { name: 'credentials', secret: { secretName: SECRET_NAME, defaultMode: 0o440 } };
  const scratch = { name: 'scratch', emptyDir: { sizeLimit: String(scratchBytes(input)) } };
  return [scratch, ...(transfer.credentials === 'secret' ? [credentials] : [])];
}

/**
 * Twice the zip, which comes to lie there when its entries cannot be taken as they arrive: some file systems set aside as much as a growing
 * file has already.
 */
function scratchBytes(input: StoredObject | undefined): number {
  return 2 * (input?.sizeBytes ?? 0) + SPARE_BYTES;
}
