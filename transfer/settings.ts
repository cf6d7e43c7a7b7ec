import type { Bucket, BucketOptions } from '../bucket/bucket.ts';
import { TransferError } from './errors.ts';
import type { Progress } from './progress.ts';
import type { Limits } from './quota.ts';

/** What a transfer is told by its environment. */
export interface TransferSettings extends Limits {
  /** Where the bucket is, and who we are; or a signed URL of the object, and nothing else. */
  readonly bucket: Omit<BucketOptions, 'instance'> | { readonly url: string };
  /** Object to read or to write. */
  readonly object: string;
  /** Folder to fill or to pack. */
  readonly folder: string;
  /** Folder for what has to be kept of the zip while it is unpacked. */
  readonly scratch: string;
  /** What the object must hold; only a download knows it. */
  readonly expected?: { readonly sizeBytes: number; readonly crc32c: string };
  /** File that has a content as soon as the upload is to begin; without it that is at once. */
  readonly word?: string;
  /** True when an upload leaves out what it may not read, and says so; without it that is its failure. */
  readonly skipsUnreadable?: boolean;
  /** The deployment that what is written is marked with. */
  readonly instance?: string;
}

/** By a signed URL nothing can be looked up. */
export type TransferBucket = Pick<Bucket, 'openReader' | 'write'> & Partial<Pick<Bucket, 'stat'>>;

/** What a transfer works with. */
export interface TransferDeps {
  readonly bucket: TransferBucket;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** How long to bear with a bucket that is away, or loses what it was sent. */
  readonly patienceMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the report goes: the container's termination message, unless told otherwise. */
export function reportPathIn(environment: Environment): string {
  return environment['TRANSFER_REPORT'] ?? '/dev/termination-log';
}

/** Reads the settings. Throws {@link TransferError} `ConfigError` that names every fault. */
export function readSettings(environment: Environment, direction: 'download' | 'upload'): TransferSettings {
  const faults: string[] = [];
  const optional = (name: string): string | undefined => environment[name] || undefined;
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined) faults.push(`${name} is missing`);
    return value ?? '';
  };
  const url = optional('TRANSFER_URL');
  const instance = optional('TRANSFER_INSTANCE');
  const word = optional('TRANSFER_WORD');
  const settings: TransferSettings = {
    bucket: url === undefined ? bucketOptionsIn(required, optional) : { url },
    ...(instance === undefined ? {} : { instance }),
    ...(word === undefined ? {} : { word }),
    ...(optional('TRANSFER_UNREADABLE') === 'skip' && { skipsUnreadable: true }),
    object: required('TRANSFER_OBJECT'),
    folder: required('TRANSFER_FOLDER'),
    scratch: direction === 'download' ? required('TRANSFER_SCRATCH') : '',
    ...(direction === 'download' ? { expected: expectedOf(required, faults) } : {}),
    ...limitsIn(optional, faults),
  };
  if (faults.length > 0) throw new TransferError('ConfigError', faults.join('; '));
  return settings;
}

function bucketOptionsIn(required: (name: string) => string, optional: (name: string) => string | undefined) {
  const credentialsFilePath = optional('GC_CREDENTIALS_FILE_PATH');
  const apiEndpoint = optional('GC_API_ENDPOINT');
  return {
    bucketName: required('GC_BUCKET_NAME'),
    ...(credentialsFilePath === undefined ? {} : { credentialsFilePath }),
    ...(apiEndpoint === undefined ? {} : { apiEndpoint }),
  };
}

const LIMITS = {
  maxBytes: ['TRANSFER_MAX_BYTES', 'a size'],
  maxFiles: ['TRANSFER_MAX_FILES', 'a count'],
  volumeBytes: ['TRANSFER_VOLUME_BYTES', 'a size'],
} as const;

function limitsIn(optional: (name: string) => string | undefined, faults: string[]): Limits {
  const limits = Object.entries(LIMITS).flatMap(([key, [name, what]]) => {
    const text = optional(name);
    if (text !== undefined && !/^\d{1,15}$/.test(text)) faults.push(`${name} is not ${what}`);
    return text === undefined ? [] : [[key, Number(text)]];
  });
  return Object.fromEntries(limits) as Limits;
}

function expectedOf(required: (name: string) => string, faults: string[]): { sizeBytes: number; crc32c: string } {
  const sizeText = required('TRANSFER_SIZE_BYTES');
  const sizeBytes = Number(sizeText);
  if (sizeText !== '' && !(Number.isSafeInteger(sizeBytes) && sizeBytes >= 0)) {
    faults.push('TRANSFER_SIZE_BYTES is not a size');
  }
  return { sizeBytes, crc32c: required('TRANSFER_CRC32C') };
}
