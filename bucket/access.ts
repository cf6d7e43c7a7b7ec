import { readFile } from 'node:fs/promises';
import type { Bucket as LibraryBucket } from '@google-cloud/storage';
import type { GoogleAuth, JWTInput } from 'google-auth-library';
import { onceSucceeded } from '../promises.ts';
import { CredentialsError } from './errors.ts';
import { isTransient } from './faults.ts';
import { DEFAULT_PATIENCE_MS } from './patience.ts';

/** Where the bucket is and who we are. */
export interface BucketOptions {
  /** Name of the bucket, which exists. */
  readonly bucketName: string;
  /** Service account key, a JSON file. Absent: the credentials of the place we run in. */
  readonly credentialsFilePath?: string;
  /** Another address than Google's. `http:` means an emulator, to which no token is sent. */
  readonly apiEndpoint?: string;
  /** How long to bear with a bucket that is away, in milliseconds; 20 seconds by default. */
  readonly patienceMs?: number;
  /** The deployment that all new objects are marked with; asked when the first is written. Absent: they are not marked. */
  readonly instance?: () => Promise<string>;
}

/** The way into one bucket. Libraries are loaded when first needed: a pod that only streams needs none. */
export interface Access {
  readonly bucketName: string;
  /** Base address, without a slash at the end. */
  readonly endpoint: string;
  /** True when the bucket is not Google's. */
  readonly isEmulator: boolean;
  /** How long to bear with a bucket that is away. */
  readonly patienceMs: number;
  /** Headers that prove who we are, fresh at each call; none for an emulator. */
  authorization(): Promise<Readonly<Record<string, string>>>;
  /** Custom metadata of all new objects. */
  metadata(): Promise<ObjectMetadata>;
  /** Google's library for all that is not a stream of bytes. */
  library(): Promise<LibraryBucket>;
}

/** What an object says of itself beside its content. */
export interface ObjectMetadata {
  /** The deployment that wrote it. */
  readonly instance?: string;
}

const DEFAULT_ENDPOINT = 'https://storage.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';

/** Six more tries over about a minute: longer than a rollout of a proxy or a restart of an emulator takes. */
const MAX_RETRIES = 6;

/** Prepares the way; makes no request and reads no file yet. Throws when `apiEndpoint` is not a URL. */
export function createAccess(options: BucketOptions): Access {
  const url = new URL(options.apiEndpoint ?? DEFAULT_ENDPOINT);
  const endpoint = url.href.replace(/\/+$/, '');
  const isEmulator = url.protocol === 'http:';
  const auth = onceSucceeded(() => openAuth(options.credentialsFilePath));
  return {
    bucketName: options.bucketName,
    endpoint,
    isEmulator,
    patienceMs: options.patienceMs ?? DEFAULT_PATIENCE_MS,
    authorization: async () =>
      isEmulator ? {} : Object.fromEntries(await (await auth()).getRequestHeaders(`${endpoint}/`)),
    metadata: async () => (options.instance ? { instance: await options.instance() } : {}),
    library: onceSucceeded(async () => openLibrary(options.bucketName, endpoint, isEmulator, await auth())),
  };
}

async function openAuth(credentialsFilePath: string | undefined): Promise<GoogleAuth> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: [SCOPE] });
  if (credentialsFilePath !== undefined) auth.jsonContent = await readKey(credentialsFilePath);
  return auth;
}

async function readKey(path: string): Promise<JWTInput> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JWTInput;
  } catch (error) {
    throw new CredentialsError(path, { cause: error });
  }
}

/**
 * Every call of this room carries a precondition or is idempotent, so the library may retry all of them; saying so also
 * keeps it from switching its shared `autoRetry` off for everyone while one unconditional call is under way.
 */
async function openLibrary(
  bucketName: string,
  endpoint: string,
  isEmulator: boolean,
  auth: GoogleAuth,
): Promise<LibraryBucket> {
  const { IdempotencyStrategy, Storage } = await import('@google-cloud/storage');
  const storage = new Storage({
    authClient: auth,
    apiEndpoint: endpoint,
    useAuthWithCustomEndpoint: !isEmulator,
    retryOptions: {
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
      maxRetries: MAX_RETRIES,
      maxRetryDelay: 16,
      retryableErrorFn: isTransient,
    },
  });
  return storage.bucket(bucketName);
}
