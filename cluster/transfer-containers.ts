import type { V1Container, V1Volume } from '@kubernetes/client-node';
import type { StoredObject } from '../workflows/contract.ts';
import { SECRET_KEY, SECRET_NAME } from './names.ts';

/** User and group of the transfer containers; the group also owns the claims, so that any other user can write there. */
export const TRANSFER_UID = 65532;

const CREDENTIALS_FOLDER = '/credentials';
const SCRATCH_FOLDER = '/scratch';

/** What the transfer containers need to reach the bucket. */
export interface TransferSettings {
  readonly image: string;
  readonly bucketName: string;
  readonly apiEndpoint?: string;
  /** Most bytes that a job may have written to /output; without it there is no limit. */
  readonly maxOutputBytes?: number;
  /** The deployment that an output is marked with until it is published. */
  readonly instance?: string;
  /** True when the credential's secret exists and has to be mounted. */
  readonly hasCredentials: boolean;
}

/** The init container that unpacks `input` into /input. */
export function downloadContainer(transfer: TransferSettings, input: StoredObject): V1Container {
  return transferContainer('input', 'download', transfer, TRANSFER_UID, '/input', {
    TRANSFER_OBJECT: input.object,
    TRANSFER_SIZE_BYTES: String(input.sizeBytes),
    TRANSFER_CRC32C: input.crc32c,
  });
}

/** The container that zips /output into `object`, as `user`. */
export function uploadContainer(transfer: TransferSettings, object: string, user: number): V1Container {
  return transferContainer('cleanup', 'upload', transfer, user, '/output', {
    TRANSFER_OBJECT: object,
    ...(transfer.instance !== undefined && { TRANSFER_INSTANCE: transfer.instance }),
    ...(transfer.maxOutputBytes !== undefined && { TRANSFER_MAX_BYTES: String(transfer.maxOutputBytes) }),
  });
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

/** The volumes that a transfer container mounts beside its claim. */
export function transferVolumes(transfer: TransferSettings): V1Volume[] {
  const credentials = { name: 'credentials', secret: { secretName: SECRET_NAME, defaultMode: 0o440 } };
  return [{ name: 'scratch', emptyDir: {} }, ...(transfer.hasCredentials ? [credentials] : [])];
}
