import { join } from 'node:path';
import { TransferError } from './errors.ts';

/**
 * Where an archive's entry belongs inside `folder`: an absolute path, or `folder` itself for a name like `./`.
 * Throws {@link TransferError} `InputInvalid` for a name that leads elsewhere, or would on another system.
 */
export function safeEntryPath(folder: string, name: string): string {
  const fault = faultOf(name);
  if (fault !== undefined) throw new TransferError('InputInvalid', `entry ${JSON.stringify(name)} ${fault}`);
  return join(folder, ...name.split('/').filter((part) => part !== '' && part !== '.'));
}

function faultOf(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (name.includes('\0')) return 'has a NUL in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute name';
  if (name.split('/').includes('..')) return 'leads out of the folder';
  return undefined;
}
