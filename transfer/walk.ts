import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { codeOf, TransferError } from './errors.ts';
import { isVolumeFurniture } from './folder.ts';
import { linkFault } from './link-target.ts';
import { createQuota } from './quota.ts';
import type { Limits } from './quota.ts';
import { createSkipped, skip } from './skipped.ts';
import type { Skipped } from './skipped.ts';
import { explainRefused, shownPath, unlessUnreadable } from './tree-errors.ts';
import type { TreePlace } from './tree-errors.ts';
import { createZipNames } from './zip-names.ts';

/** A file, a folder or a link to pack. It can be reached by its path until the next one is asked for. */
export interface TreeEntry extends TreePlace {
  /** Its name in the zip, relative to the root, with `/` between the parts. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Where a link leads; absent for files and folders. */
  readonly target?: Buffer;
  readonly mode: number;
  readonly mtime: Date;
}

/** How to walk. */
export interface WalkOptions extends Pick<Limits, 'maxFiles'> {
  /** Where links that lead out of the root, sockets, FIFOs and devices are counted. */
  readonly skipped?: Skipped;
  /** Where files and folders are counted that may not be read; without it they are errors. */
  readonly unreadable?: Skipped;
}

/** Longest path in bytes: what Linux takes in one call. */
const MAX_PATH_BYTES = 4095;

/**
 * The files, folders and links below `root`, never through a link: folders before what is in them, names in the order of their
 * bytes. Each folder is held open while its files are looked at, and they are reached by it alone; so it does not matter
 * what comes into its place meanwhile. Throws {@link TransferError} `OutputUploadFailed` with the owner's uid for a folder that we
 * may not read, the root in any case, and without one for what is replaced while it is looked at; `OutputTooLarge` for a folder with more files than
 * allowed, and for a path that is too long.
 */
export function* walk(root: string, options: WalkOptions = {}): Generator<TreeEntry> {
  const { skipped = createSkipped(), unreadable, maxFiles } = options;
  const quota = createQuota('output', maxFiles === undefined ? {} : { maxFiles });
  const run: Walk = { skipped, unreadable, onNames: (files) => quota.ask({ files }) };
  // From the root to where we are; a stack of calls would not be deep enough for every tree.
  const open: Folder[] = [openRoot(root)];
  try {
    for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
      folder.left ??= namesIn(folder, run);
      const name = folder.left.next();
      if (name.done === true) closeSync(open.pop()?.fd ?? -1);
      else yield* visit(folder, name.value, run, (child) => open.push(child));
    }
  } finally {
    for (const { fd } of open) closeSync(fd);
  }
}

interface Walk {
  readonly skipped: Skipped;
  readonly unreadable: Skipped | undefined;
  /** Called with the number of names that a folder is known to have; throws when they are too many. */
  readonly onNames: (count: number) => void;
}

interface Folder {
  readonly fd: number;
  /** Its path, for messages. */
  readonly path: Buffer;
  /** In front of the names of what is in it. */
  readonly prefix: string;
  /** What is in it and was not visited yet; undefined before it is read. */
  left?: Iterator<FileName>;
}

/** The name of a file as bytes, and its name in the zip. */
interface FileName {
  readonly bytes: Buffer;
  readonly zipName: string;
}

const SLASH = Buffer.from('/');

/** One file of a folder; `enter` takes a folder that is to be visited next. */
function* visit(
  folder: Folder,
  { bytes, zipName }: FileName,
  { skipped, unreadable }: Walk,
  enter: (child: Folder) => void,
): Generator<TreeEntry> {
  const name = folder.prefix + zipName;
  const path = Buffer.concat([folder.path, SLASH, bytes]);
  const place = { path: Buffer.concat([openPath(folder.fd), SLASH, bytes]), shown: shownPath(path), name };
  const stats = unlessUnreadable(unreadable, () => look(folder, place));
  if (stats === undefined) return;
  if (folder.prefix === '' && isVolumeFurniture(name, stats)) return;
  if (path.length > MAX_PATH_BYTES) throw tooDeep(place);
  if (stats.isDirectory()) {
    const opened = unlessUnreadable(unreadable, () => openFolder(place, constants.O_NOFOLLOW));
    if (opened === undefined) return;
    enter({ fd: opened.fd, path, prefix: `${name}/` });
    yield entryOf(place, opened.stats);
  } else if (stats.isFile()) yield entryOf(place, stats);
  else if (stats.isSymbolicLink()) yield* linkOf(place, stats, skipped);
  else skip(skipped, `${place.shown} is ${kindOf(stats)}`);
}

function openRoot(root: string): Folder {
  const path = Buffer.from(root);
  return { fd: openFolder({ path, shown: shownPath(path) }, 0).fd, path, prefix: '' };
}

function openFolder(place: TreePlace, flags: number): { fd: number; stats: Stats } {
  try {
    const fd = openSync(place.path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
    return { fd, stats: fstatSync(fd) };
  } catch (error) {
    throw explainRefused(place, error);
  }
}

/** What the open folder is called as long as it is open, wherever it has been moved; and never something else. */
function openPath(fd: number): Buffer {
  return Buffer.from(`/proc/self/fd/${fd}`);
}

/** So many names at a time. */
const NAMES_AT_ONCE = 1024;

/** The files of a folder in the order of their bytes. */
function* namesIn(folder: Folder, run: Walk): Generator<FileName, undefined> {
  const names = readNames(folder, run).sort(byBytes);
  const zipNameOf = createZipNames((bytes) => isAmong(names, bytes.toString('latin1')));
  for (const name of names) {
    const bytes = Buffer.from(name, 'latin1');
    yield { bytes, zipName: zipNameOf(bytes) };
  }
  return undefined;
}

/** With one character for each byte: they take half the memory of buffers. */
function readNames({ fd }: Folder, { onNames }: Walk): string[] {
  const names: string[] = [];
  const open = opendirSync(openPath(fd).toString(), { encoding: 'latin1', bufferSize: NAMES_AT_ONCE });
  try {
    for (let next = open.readSync(); next !== null; next = open.readSync()) {
      names.push(next.name);
      if (names.length % NAMES_AT_ONCE === 0) onNames(names.length);
    }
  } finally {
    open.closeSync();
  }
  return names;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isAmong(sorted: readonly string[], name: string): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? name) < name) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === name;
}

/** Needs the right to search the folder, not to read the file: without it the folder is what is in the way. */
function look(folder: Folder, place: TreePlace): Stats {
  try {
    return lstatSync(place.path);
  } catch (error) {
    throw explainRefused(codeOf(error) === 'ENOENT' ? place : { ...folder, shown: shownPath(folder.path) }, error);
  }
}

function entryOf({ path, shown, name }: TreePlace & { readonly name: string }, stats: Stats): TreeEntry {
  return { path, shown, name, isFolder: stats.isDirectory(), mode: stats.mode & 0o777, mtime: stats.mtime };
}

/** A link that stays inside the root; none of one that is left out. */
function* linkOf(place: TreePlace & { readonly name: string }, stats: Stats, skipped: Skipped): Generator<TreeEntry> {
  const target = readTarget(place);
  const fault = linkFault(place.name, target);
  if (fault === undefined) yield { ...entryOf(place, stats), target };
  else skip(skipped, `${place.shown} ${fault}`);
}

function readTarget(place: TreePlace): Buffer {
  try {
    return readlinkSync(place.path, { encoding: 'buffer' });
  } catch (error) {
    throw explainRefused(place, error);
  }
}

function tooDeep({ shown }: TreePlace): TransferError {
  return new TransferError('OutputTooLarge', `${shown} lies too deep: its path has more than ${MAX_PATH_BYTES} bytes`);
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}
