import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { codeOf, TransferError } from './errors.ts';
import { isVolumeFurniture } from './folder.ts';
import { createQuota } from './quota.ts';
import type { Limits } from './quota.ts';
import { explainRefused, shownPath } from './tree-errors.ts';
import type { TreePlace } from './tree-errors.ts';
import { createZipNames } from './zip-names.ts';

/** A file or a folder to pack. It can be reached by its path until the next one is asked for. */
export interface TreeEntry extends TreePlace {
  /** Its name in the zip, relative to the root, with `/` between the parts. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly mode: number;
  readonly mtime: Date;
}

/** What a walk left out; it grows while the walk goes on. */
export interface Skipped {
  /** Links, sockets, FIFOs and devices. */
  count: number;
  /** What the first of them are: `"/output/a" is a link`. */
  readonly examples: string[];
}

/** How to walk. */
export interface WalkOptions extends Pick<Limits, 'maxFiles'> {
  readonly skipped?: Skipped;
}

/** Longest path in bytes: what Linux takes in one call. */
const MAX_PATH_BYTES = 4095;
const MAX_EXAMPLES = 10;

/**
 * The files and folders below `root`, never through a link: folders before what is in them, names in the order of their
 * bytes. Each folder is held open while its files are looked at, and they are reached by it alone; so it does not matter
 * what comes into its place meanwhile. Throws {@link TransferError} `OutputUploadFailed` with the owner's uid for a folder that we
 * may not read, and without one for what is replaced while it is looked at; `OutputTooLarge` for a folder with more files than
 * allowed, and for a path that is too long.
 */
export function* walk(root: string, { skipped = createSkipped(), maxFiles }: WalkOptions = {}): Generator<TreeEntry> {
  const quota = createQuota('output', maxFiles === undefined ? {} : { maxFiles });
  const run: Walk = { skipped, onNames: (files) => quota.ask({ files }) };
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

/** Nothing was left out yet. */
export function createSkipped(): Skipped {
  return { count: 0, examples: [] };
}

interface Walk {
  readonly skipped: Skipped;
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
  { skipped }: Walk,
  enter: (child: Folder) => void,
): Generator<TreeEntry> {
  const name = folder.prefix + zipName;
  const path = Buffer.concat([folder.path, SLASH, bytes]);
  const place = { path: Buffer.concat([openPath(folder.fd), SLASH, bytes]), shown: shownPath(path), name };
  const stats = look(folder, place);
  if (folder.prefix === '' && isVolumeFurniture(name, stats)) return;
  if (path.length > MAX_PATH_BYTES) throw tooDeep(place);
  if (stats.isDirectory()) {
    const { fd, stats: opened } = openFolder(place, constants.O_NOFOLLOW);
    enter({ fd, path, prefix: `${name}/` });
    yield entryOf(place, opened);
  } else if (stats.isFile()) yield entryOf(place, stats);
  else skip(skipped, place, stats);
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

function tooDeep({ shown }: TreePlace): TransferError {
  return new TransferError('OutputTooLarge', `${shown} lies too deep: its path has more than ${MAX_PATH_BYTES} bytes`);
}

function skip(skipped: Skipped, { shown }: TreePlace, stats: Stats): void {
  skipped.count += 1;
  if (skipped.examples.length < MAX_EXAMPLES) skipped.examples.push(`${shown} is ${kindOf(stats)}`);
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}
