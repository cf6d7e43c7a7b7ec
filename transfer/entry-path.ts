import { join } from 'node:path';
import { TransferError } from './errors.ts';

/**
 * Where an archive's entry belongs inside `folder`: an absolute path, or `folder` itself for a name like `./`.
 * Throws {@link TransferError} `InputInvalid` for a name that leads elsewhere, or would on another system.
 */
export function safeEntryPath(folder: string, name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const fault = faultOf(name, parts);
  if (fault !== undefined) throw new TransferError('InputInvalid', `entry ${JSON.stringify(name)} ${fault}`);
  return join(folder, ...parts);
}

function faultOf(name: string, parts: readonly string[]): string | undefined {
  if (name === '') return 'has no name';
  if (name.includes('\0')) return 'has a NUL in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/') || /^[a-z]:/i.test(parts[0] ?? '')) return 'has an absolute name';
  if (parts.includes('..')) return 'leads out of the folder';
  return undefined;
}
