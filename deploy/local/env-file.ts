import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulatorKey } from '../compose/access.ts';
import { exists, writeWhole } from './files.ts';
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

/** Service account key that opens the emulator. */
export function credentialsFile(profile: Profile): string {
  return join(profile.stateFolder, 'gcs-api-key.json');
}

/** Where jobs run and where their files are kept. */
export interface Surroundings {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly bucket: { readonly endpoint: string; readonly name: string; readonly credentialsFile: string };
  readonly transferImage: string;
  /** Images for a person and for the tests: variable → reference. */
  readonly testImages: Readonly<Record<string, string>>;
  /** Most bytes that a job may write; without it there is no limit. */
  readonly maxOutputBytes?: number;
}

/** Every variable of a stack. Pure. */
export function environmentOf(profile: Profile, surroundings: Surroundings): StackEnvironment {
  const { ports } = profile;
  const { kubeconfig, namespace, bucket, transferImage, testImages, maxOutputBytes } = surroundings;
  return {
    API_URL: `http://127.0.0.1:${ports.api}`,
    API_HOST: '127.0.0.1',
    API_PORT: `${ports.api}`,
    WORKER_URL: `http://127.0.0.1:${ports.worker}`,
    WORKER_HOST: '127.0.0.1',
    WORKER_PORT: `${ports.worker}`,
    KUBECONFIG: kubeconfig,
    KUBERNETES_NAMESPACE: namespace,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}`,
    MONGODB_URI: `mongodb://127.0.0.1:${ports.mongodb}`,
    MONGODB_DATABASE: 'kubernetes-task-runner',
    GC_API_ENDPOINT: bucket.endpoint,
    GC_BUCKET_NAME: bucket.name,
    GC_CREDENTIALS_FILE_PATH: bucket.credentialsFile,
    TRANSFER_IMAGE: transferImage,
    LOCAL_BIN: toolFolder(profile),
    ...(maxOutputBytes !== undefined && { JOB_MAX_OUTPUT_BYTES: `${maxOutputBytes}` }),
    ...testImages,
  };
}

/** Writes the variables as `KEY=value` lines that a shell can source. */
export async function writeEnvironment(profile: Profile, environment: StackEnvironment): Promise<void> {
  await writeWhole(environmentFile(profile), shellLines(environment), 0o644);
}

/** Reads what {@link writeEnvironment} has written; undefined when the stack was never started. */
export async function readEnvironment(profile: Profile): Promise<StackEnvironment | undefined> {
  const text = await readFile(environmentFile(profile), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseShellLines(text);
}

/** Variables as `KEY=value` lines, each value quoted for a shell if it needs to be. */
export function shellLines(environment: StackEnvironment): string {
  const lines = Object.entries(environment).map(([key, value]) => `${key}=${quoted(value)}\n`);
  return lines.join('');
}

/** The inverse of {@link shellLines}; a shell's other ways to write a value are not understood. */
export function parseShellLines(text: string): StackEnvironment {
  const assignments = text.matchAll(/^(\w+)=((?:[^'\n\\]|'[^']*'|\\')*)$/gm);
  return Object.fromEntries([...assignments].map(([, key = '', value = '']) => [key, unquoted(value)]));
}

/** Makes a service account key like Google's, with a fresh RSA key: good for the emulator alone. */
export async function makeCredentials(profile: Profile): Promise<void> {
  const file = credentialsFile(profile);
  if (await exists(file)) return;
  await writeWhole(file, emulatorKey());
}

/** Key that sensitive values of this stack's jobs are sealed by; our programs alone are given it. */
export async function encryptionKeyOf(profile: Profile): Promise<string> {
  return await keptSecret(profile, 'encryption-key', () => randomBytes(32).toString('base64'));
}

/** Token by which the API of this stack hears from its worker; our programs alone are given it. */
export async function workerTokenOf(profile: Profile): Promise<string> {
  return await keptSecret(profile, 'worker-token', () => randomBytes(32).toString('hex'));
}

/** Makes a secret when it is first asked for. */
async function keptSecret(profile: Profile, name: string, make: () => string): Promise<string> {
  const file = join(profile.stateFolder, name);
  if (!(await exists(file))) await writeWhole(file, make());
  return await readFile(file, 'utf8');
}

function quoted(value: string): string {
  return /^[\w./:@-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

function unquoted(text: string): string {
  return text.replaceAll(/'([^']*)'|\\'/g, (part, inner: string | undefined) => (part === "\\'" ? "'" : (inner ?? '')));
}
