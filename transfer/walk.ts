import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
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

/** What stands in a folder. */
export interface Tree {
  /** Folders before what is in them, names in the order of their bytes. */
  readonly entries: readonly TreeEntry[];
  readonly sizeBytes: number;
  /** Links, sockets, FIFOs and devices that were left out. */
  readonly skipped: number;
}

const SLASH = Buffer.from('/');

/**
 * Lists the files and folders below `root`, never through a link.
 * Throws {@link TransferError} `OutputUploadFailed` with the owner's uid for a folder that we may not read.
 */
export async function walk(root: string): Promise<Tree> {
  const tree = { entries: [] as TreeEntry[], sizeBytes: 0, skipped: 0 };
  const visit = async (folder: Buffer, prefix: string): Promise<void> => {
    for (const { path, name, stats } of await listFolder(folder)) {
      if (prefix === '' && isVolumeFurniture(name, stats)) continue;
      const isFolder = stats.isDirectory();
      if (isFolder || stats.isFile()) {
        tree.entries.push({ path, name: prefix + name, isFolder, mode: stats.mode & 0o777, mtime: stats.mtime });
        tree.sizeBytes += isFolder ? 0 : stats.size;
      } else {
        tree.skipped += 1;
      }
      if (isFolder) await visit(path, `${prefix}${name}/`);
    }
  };
  await visit(Buffer.from(root), '');
  return tree;
}

interface Listed {
  readonly path: Buffer;
  readonly name: string;
  readonly stats: Stats;
}

async function listFolder(folder: Buffer): Promise<Listed[]> {
  try {
    const names = await readdir(folder, { encoding: 'buffer' });
    return await Promise.all(names.sort(Buffer.compare).map((name) => look(folder, name)));
  } catch (error) {
    throw await explainUnreadable(folder, error);
  }
}

async function look(folder: Buffer, name: Buffer): Promise<Listed> {
  const path = Buffer.concat([folder, SLASH, name]);
  return { path, name: zipNameOf(name), stats: await lstat(path) };
}

/** Turns a refused access into an error that names the file and its owner; other errors stay as they are. */
export async function explainUnreadable(path: Buffer, error: unknown): Promise<unknown> {
  if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') return error;
  const { uid } = await lstat(path);
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
