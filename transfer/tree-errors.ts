import { lstatSync } from 'node:fs';
import { codeOf, isTransferError, TransferError } from './errors.ts';
import { skip } from './skipped.ts';
import type { Skipped } from './skipped.ts';

/** Something in the tree that is packed. */
export interface TreePlace {
  /** Where it can be reached. */
  readonly path: Buffer;
  /** What its path is called, as text that hides nothing and does nothing in a terminal. */
  readonly shown: string;
}

/** A path as text for a message. */
export function shownPath(path: Buffer): string {
  return JSON.stringify(path.toString());
}

/** The error for what is not any more what it was a moment ago. */
export function replacedError({ shown }: TreePlace, cause?: unknown): TransferError {
  return new TransferError('OutputUploadFailed', `${shown} was replaced while it was packed`, { cause });
}

/**
 * Turns a refused access into an error that names the file and its owner, and a file that is gone, or a link by now, into one that says
 * so; other errors stay as they are.
 */
export function explainRefused(place: TreePlace, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return unreadableError(place, error);
    case 'EINVAL':
    case 'ELOOP':
    case 'ENOTDIR':
    case 'ENOENT':
    case 'ENXIO':
      return replacedError(place, error);
    default:
      return error;
  }
}

/** What `step` returns; undefined, and one more in `unreadable` if that is given, when it throws over what may not be read. */
export function unlessUnreadable<T>(unreadable: Skipped | undefined, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (unreadable === undefined || !isTransferError(error) || error.unreadableOwnerUid === undefined) throw error;
    skip(unreadable, error.message);
    return undefined;
  }
}

function unreadableError({ path, shown }: TreePlace, cause: unknown): TransferError {
  const { uid } = lstatSync(path);
  const message = `${shown} belongs to user ${uid} and may not be read`;
  return new TransferError('OutputUploadFailed', message, { cause, unreadableOwnerUid: uid });
}
