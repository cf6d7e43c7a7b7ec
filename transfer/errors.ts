import { isBadCredentials, isObjectMismatch, isObjectMissing } from '../bucket/errors.ts';
import { statusOf } from '../bucket/faults.ts';
import type { FailureReason } from '../workflows/failure-reasons.ts';

/** Why a transfer failed, in the words of the public contract. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  readonly reason: FailureReason;
  /** Owner of the file that we may not read. */
  readonly unreadableOwnerUid?: number;

  constructor(reason: FailureReason, message: string, options: ErrorOptions & { unreadableOwnerUid?: number } = {}) {
    super(message, options);
    this.reason = reason;
    if (options.unreadableOwnerUid !== undefined) this.unreadableOwnerUid = options.unreadableOwnerUid;
  }
}

/** True when `error` already says why the transfer failed. */
export function isTransferError(error: unknown): error is TransferError {
  return error instanceof TransferError;
}

/** True when the file system, or a limit set on it, is full. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '');
}

/** True when the operating system refused a call. */
export function isSystemFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The `code` of a system error. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Gives any error a reason: its own, or what its kind tells, or `otherwise`.
 * The message is kept; the error itself becomes the cause.
 */
export function toTransferError(error: unknown, otherwise: FailureReason): TransferError {
  if (isTransferError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TransferError(reasonOf(error) ?? otherwise, message, { cause: error });
}

function reasonOf(error: unknown): FailureReason | undefined {
  if (isDiskFull(error)) return 'DiskFull';
  if (isBadCredentials(error)) return 'ConfigError';
  if (isObjectMissing(error) || isObjectMismatch(error)) return undefined;
  const status = statusOf(error);
  return status === 401 || status === 403 ? 'ConfigError' : undefined;
}
