import { join } from 'node:path';
import { TransferError } from './errors.ts';

/** Longest name of a file, and longest path below the folder, in bytes: what Linux takes, with room for the folder. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4000;

/**
 * Where an archive's entry belongs inside `folder`: an absolute path, or `folder` itself for a name like `./`.
 * Throws {@link TransferError} `InputInvalid` for a name that leads elsewhere, or would on another system.
 */
export function safeEntryPath(folder: string, name: string): string {
  const fault = entryPathFault(name);
  if (fault !== undefined) throw new TransferError('InputInvalid', `entry ${JSON.stringify(name)} ${fault}`);
  return join(folder, ...partsOf(name));
}

/** Where an entry belongs, relative to the folder, in the shortest form; '' for the folder itself. */
export function relativeEntryPath(name: string): string {
  return partsOf(name).join('/');
}

/** Why an entry may not have this name, or undefined. */
export function entryPathFault(name: string): string | undefined {
  const parts = partsOf(name);
  if (name === '') return 'has no name';
  if (name.includes('\0')) return 'has a NUL in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/') || /^[a-z]:/i.test(parts[0] ?? '')) return 'has an absolute name';
  if (parts.includes('..')) return 'leads out of the folder';
  if (/(^|\/)\.$/.test(name)) return 'is a file with the name of a folder';
  return isTooLong(name, parts) ? 'has too long a name' : undefined;
}

function isTooLong(name: string, parts: readonly string[]): boolean {
  return Buffer.byteLength(name) > MAX_PATH_BYTES || parts.some((part) => Buffer.byteLength(part) > MAX_NAME_BYTES);
}

function partsOf(name: string): string[] {
  return name.split('/').filter((part) => part !== '' && part !== '.');
}
