import type { FailureReason } from '../workflows/failure-reasons.ts';
import { TransferError } from './errors.ts';

/** How much a job may bring or leave; what is not said has no limit. */
export interface Limits {
  /** Bytes of all files together. */
  readonly maxBytes?: number;
  /** Files and folders. */
  readonly maxFiles?: number;
  /** Bytes of the volume that holds them. */
  readonly volumeBytes?: number;
}

/** What is left of the limits. Each call throws a {@link TransferError} that names the limit when it is exceeded. */
export interface Quota {
  /** Takes one file or folder. */
  takeFile(): void;
  /** Takes bytes that were read, before they are written. */
  takeBytes(sizeBytes: number): void;
  /** Takes nothing: asks whether so many could be taken. */
  ask(more: { readonly files?: number; readonly sizeBytes?: number }): void;
}

/** The limits alone, of settings that have more. */
export function limitsOf({ maxBytes, maxFiles, volumeBytes }: Limits): Limits {
  return {
    ...(maxBytes !== undefined && { maxBytes }),
    ...(maxFiles !== undefined && { maxFiles }),
    ...(volumeBytes !== undefined && { volumeBytes }),
  };
}

const WORDS = {
  input: {
    reason: 'InputTooLarge',
    maxBytesSetting: 'JOB_MAX_INPUT_UNPACKED_BYTES',
    isLarger: 'unpacked, the input is larger',
    // The volume would have been full, had it the size that it was claimed with.
    ofVolume: 'DiskFull',
  },
  output: {
    reason: 'OutputTooLarge',
    maxBytesSetting: 'JOB_MAX_OUTPUT_BYTES',
    isLarger: 'the output is larger',
    // Files with holes, or many links to one file.
    ofVolume: 'OutputTooLarge',
  },
} as const;

/** Counts against the limits. */
export function createQuota(what: 'input' | 'output', limits: Limits): Quota {
  const { reason, isLarger, maxBytesSetting, ofVolume } = WORDS[what];
  const { maxBytes = Infinity, maxFiles = Infinity, volumeBytes = Infinity } = limits;
  let [files, sizeBytes] = [0, 0];
  function ask(more: { readonly files?: number; readonly sizeBytes?: number }): void {
    const bytes = sizeBytes + (more.sizeBytes ?? 0);
    if (bytes > maxBytes) fail(reason, `${isLarger} than the ${maxBytes} bytes that are allowed (${maxBytesSetting})`);
    if (bytes > volumeBytes) fail(ofVolume, `${isLarger} than its volume of ${volumeBytes} bytes`);
    if (files + (more.files ?? 0) > maxFiles)
      fail(reason, `the ${what} has more than the ${maxFiles} files and folders that are allowed (JOB_MAX_FILES)`);
  }
  return {
    ask,
    takeFile() {
      ask({ files: 1 });
      files += 1;
    },
    takeBytes(more) {
      ask({ sizeBytes: more });
      sizeBytes += more;
    },
  };
}

function fail(reason: FailureReason, message: string): never {
  throw new TransferError(reason, message);
}
