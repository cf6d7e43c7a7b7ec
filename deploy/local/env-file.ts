import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { clusterPaths } from './cluster-files.ts';
import { exists, writeWhole } from './files.ts';
import type { LocalImages } from './images.ts';
import type { Profile } from './profile.ts';

/** Variables by which our programs, the tests and a person's shell find the servers of a stack. */
export type StackEnvironment = Readonly<Record<string, string>>;

/** Name of the bucket; such names have three characters at least. */
export const BUCKET = 'batch-jobs';

/** Folder with `kubectl` and `temporal` for a person. */
export function toolFolder(profile: Profile): string {
  return join(profile.stateFolder, 'bin');
}

/** File that {@link writeEnvironment} writes. */
export function environmentFile(profile: Profile): string {
  return join(profile.stateFolder, 'env');
}

function credentialsFile(profile: Profile): string {
  return join(profile.stateFolder, 'gcs-api-key.json');
}

/** Every variable of a stack. Pure. */
export function environmentOf(profile: Profile, images: LocalImages): StackEnvironment {
  const { ports, bridge } = profile;
  return {
    API_URL: `http://127.0.0.1:${ports.api}`,
    API_HOST: '127.0.0.1',
    API_PORT: `${ports.api}`,
    KUBECONFIG: clusterPaths(profile).kubeconfig,
    KUBERNETES_NAMESPACE: 'default',
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}`,
    MONGODB_URI: `mongodb://127.0.0.1:${ports.mongodb}`,
    MONGODB_DATABASE: 'kubernetes-task-runner',
    GC_API_ENDPOINT: `http://${bridge.address}:${ports.gcs}`,
    GC_BUCKET_NAME: BUCKET,
    GC_CREDENTIALS_FILE_PATH: credentialsFile(profile),
    TRANSFER_IMAGE: images.transfer.reference,
    LOCAL_BIN: toolFolder(profile),
    IMAGE_BUSYBOX: images.busybox.reference,
    IMAGE_NOSHELL: images.noshell.reference,
  };
}

/** Writes the variables as `KEY=value` lines that a shell can source. */
export async function writeEnvironment(profile: Profile, environment: StackEnvironment): Promise<void> {
  const lines = Object.entries(environment).map(([key, value]) => `${key}=${quoted(value)}\n`);
  await writeWhole(environmentFile(profile), lines.join(''), 0o644);
}

/** Makes a service account key like Google's, with a fresh RSA key: good for the emulator alone. */
export async function makeCredentials(profile: Profile): Promise<void> {
  const file = credentialsFile(profile);
  if (await exists(file)) return;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const account = {
    type: 'service_account',
    project_id: 'local',
    private_key_id: 'local',
    private_key: privateKey,
    client_email: 'task-runner@local.iam.gserviceaccount.com',
    client_id: '1',
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  await writeWhole(file, JSON.stringify(account, null, 2));
}

function quoted(value: string): string {
  return /^[\w./:@-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
