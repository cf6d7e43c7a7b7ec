import { symlinkSync } from 'node:fs';
import type { Entry } from 'yauzl';
import { relativeEntryPath } from './entry-path.ts';
import { TransferError } from './errors.ts';
import { linkFault } from './link-target.ts';
import { readEntry } from './unpack-file.ts';
import type { FileSource } from './unpack-file.ts';

/** A link that is made when all files and folders are there, so that nothing is written through it. */
export interface PendingLink {
  /** Of its entry. */
  readonly name: string;
  readonly path: string;
  readonly target: Buffer;
}

/** Reads the link of an entry. @throws TransferError `InputInvalid` for one that leads out of the folder */
export async function readLink(source: FileSource, entry: Entry, name: string, path: string): Promise<PendingLink> {
  const target = await readEntry(source, entry);
  const fault = linkFault(relativeEntryPath(name), target);
  if (fault !== undefined) throw new TransferError('InputInvalid', `entry ${JSON.stringify(name)} ${fault}`);
  return { name, path, target };
}

/** Makes a link in a folder that is there; throws when something has its place. */
export function makeLink({ path, target }: PendingLink): void {
  symlinkSync(target, path);
}
