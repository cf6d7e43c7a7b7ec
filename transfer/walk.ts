import { lstatSync, readdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { codeOf, TransferError } from './errors.ts';
import { isVolumeFurniture } from './folder.ts';

/** A file or a folder to pack. */
export interface TreeEntry {
  /** Its path as bytes: names on Linux need not be text. */
  readonly path: Buffer;
  /** Its name in the zip, relative to the root, with `/` between the parts. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly mode: number;
  readonly mtime: Date;
}

/** What a walk left out; it counts while the walk goes on. */
export interface Skipped {
  /** Links, sockets, FIFOs and devices. */
  count: number;
}

const SLASH = Buffer.from('/');

/**
 * The files and folders below `root`, never through a link: folders before what is in them, names in the order of their
 * bytes. Throws {@link TransferError} `OutputUploadFailed` with the owner's uid for a folder that we may not read.
 */
export function* walk(root: string, skipped: Skipped = { count: 0 }): Generator<TreeEntry> {
  yield* walkFolder(Buffer.from(root), '', skipped);
}

function* walkFolder(folder: Buffer, prefix: string, skipped: Skipped): Generator<TreeEntry> {
  for (const fileName of namesIn(folder)) {
    const path = Buffer.concat([folder, SLASH, fileName]);
    const name = prefix + zipNameOf(fileName);
    const stats = look(folder, path);
    const isFolder = stats.isDirectory();
    if (prefix === '' && isVolumeFurniture(name, stats)) continue;
    if (isFolder || stats.isFile()) yield { path, name, isFolder, mode: stats.mode & 0o777, mtime: stats.mtime };
    else skipped.count += 1;
    if (isFolder) yield* walkFolder(path, `${name}/`, skipped);
  }
}

function namesIn(folder: Buffer): Buffer[] {
  try {
    return readdirSync(folder, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b));
  } catch (error) {
    throw explainUnreadable(folder, error);
  }
}

/** Needs the right to search the folder, not to read the file: without it the folder is what is in the way. */
function look(folder: Buffer, path: Buffer): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw explainUnreadable(folder, error);
  }
}

/** Turns a refused access into an error that names the file and its owner; other errors stay as they are. */
export function explainUnreadable(path: Buffer, error: unknown): unknown {
  if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') return error;
  const { uid } = lstatSync(path);
  return new TransferError('OutputUploadFailed', `${path.toString()} belongs to user ${uid} and may not be read`, {
    cause: error,
    unreadableOwnerUid: uid,
  });
}

/**
 * A file's name as a zip can carry it to any system. What it cannot carry is written as `%XX`: bytes that are no
 * UTF-8, a backslash, the colon of what looks like a drive letter.
 */
export function zipNameOf(name: Buffer): string {
  const text = name.toString();
  const isText = Buffer.from(text).equals(name);
  const portable = isText ? text : name.toString('latin1').replaceAll(/[^\x20-\x7e]/g, percent);
  return portable.replaceAll('\\', percent).replace(/^[a-z]:/i, (drive) => `${drive.slice(0, 1)}%3A`);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
