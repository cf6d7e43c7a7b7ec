/** The zip of a folder, made while it is sent. */
import { createReadStream } from 'node:fs';
import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { ZipFile } from 'yazl';
import { entryPathFault } from '../../transfer/entry-path.ts';
import { UsageError } from '../errors.ts';

/** Names what is not sent, in the manner of `.gitignore`. */
const IGNORE_FILE = '.ktrignore';

/** A file or a folder that is sent. */
export interface FolderEntry {
  /** Relative to the folder, with `/` between the parts, and at the end of a folder. */
  readonly name: string;
  readonly path: string;
  readonly stats: Stats;
}

/** Everything below `folder` that its ignore file does not name, in the order of names. @throws UsageError for what a zip cannot hold */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  await collect(folder, '', await rulesOf(folder), entries);
  return entries;
}

/** Bytes of all files. */
export function sizeOf(entries: readonly FolderEntry[]): number {
  return entries.reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0);
}

/**
 * The zip of the entries as a stream; one file at a time is open.
 * @param onBytes told of the bytes of files that were read
 * @param onAgain told before the first one
 */
export function zipOf(
  entries: readonly FolderEntry[],
  onBytes: (sizeBytes: number) => void,
  onAgain: () => void,
): AsyncIterable<Uint8Array> {
  onAgain();
  const zip = new ZipFile();
  const stream = zip.outputStream as Readable;
  // What cannot be read ends the zip: nothing is sent that would look whole.
  zip.on('error', (error: Error) => void stream.destroy(error));
  for (const entry of entries) addEntry(zip, entry, onBytes);
  zip.end();
  return stream;
}

function addEntry(zip: ZipFile, { name, path, stats }: FolderEntry, onBytes: (sizeBytes: number) => void): void {
  const options = { mtime: stats.mtime, mode: stats.mode };
  if (stats.isDirectory()) return zip.addEmptyDirectory(name, options);
  zip.addReadStreamLazy(name, options, (give) => {
    const file = createReadStream(path);
    file.on('data', (bytes) => onBytes(bytes.length));
    file.on('error', (error) => zip.emit('error', error));
    give(null, file);
  });
}

async function rulesOf(folder: string): Promise<Ignore> {
  const rules = ignore().add(IGNORE_FILE);
  try {
    return rules.add(await readFile(join(folder, IGNORE_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return rules;
    throw error;
  }
}

async function collect(root: string, prefix: string, rules: Ignore, entries: FolderEntry[]): Promise<void> {
  const children = await readdir(join(root, prefix), { withFileTypes: true });
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix + child.name + (child.isDirectory() ? '/' : '');
    if (rules.ignores(name)) continue;
    const path = join(root, name);
    const fault = entryPathFault(name);
    if (fault !== undefined) throw new UsageError(`${path} ${fault}; rename it, or name it in ${IGNORE_FILE}.`);
    const stats = await statsOf(path);
    if (!stats.isFile() && !child.isDirectory())
      throw new UsageError(`${path} is ${kindOf(stats)}, which is not sent; name it in ${IGNORE_FILE}.`);
    entries.push({ name, path, stats });
    if (child.isDirectory()) await collect(root, name, rules, entries);
  }
}

/** A link to a file is sent as that file. */
async function statsOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UsageError(`${path} is a link to nothing, which is not sent; name it in ${IGNORE_FILE}.`);
  }
}

function kindOf(stats: Stats): string {
  return stats.isDirectory() ? 'a link to a folder' : 'no file';
}
