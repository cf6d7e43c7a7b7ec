import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Entry } from 'yauzl';
import type { Archive, Contents } from './archive.ts';
import { safeEntryPath } from './entry-path.ts';
import { entryFault, entryModeOf, entryNameOf, isLink } from './entry-rules.ts';
import { codeOf, isDiskFull, isSystemFault, isTransferError, TransferError } from './errors.ts';
import { openZip } from './open-zip.ts';
import { createQuota } from './quota.ts';
import type { Limits, Quota } from './quota.ts';
import { unpackFile } from './unpack-file.ts';
import type { FileSource } from './unpack-file.ts';
import { makeLink, readLink } from './unpack-links.ts';
import type { PendingLink } from './unpack-links.ts';
import { ENTRIES_AT_ONCE, isZipFault, lookIntoZip } from './zip-directory.ts';
import type { ZipListing } from './zip-directory.ts';

/** What came out of an archive. */
export interface Unpacked {
  /** Entries, folders included. */
  readonly files: number;
  readonly sizeBytes: number;
}

/** How to unpack. Folders that the archive has no entry for count as files, too. */
export interface UnpackOptions extends Limits {
  readonly signal?: AbortSignal;
  /** What the folders may take of our memory, in bytes. Default: a good third of it, some 180,000 folders. */
  readonly folderMemoryBytes?: number;
  /** Called after each entry, and while a long one is written. */
  readonly onProgress?: (soFar: Unpacked) => void;
  /** True when relative links that stay inside the folder are restored; else each link is refused. */
  readonly allowsLinks?: boolean;
  /** True when the group of the folder may read and run what the owner may. Default: the modes are those of the archive. */
  readonly sharesWithGroup?: boolean;
}

/**
 * Unpacks a zip into the empty folder `folder`, one entry after the other in constant memory.
 * Throws {@link TransferError} `InputInvalid` naming the entry for anything but plain files and folders inside the
 * folder, or links that stay inside it where these are allowed, for contents that are not what the archive promises, and for what is no zip at all; `InputTooLarge` for more than
 * the limits; `DiskFull` for no space. Nothing is written before all that the archive lists has been looked at.
 */
export async function unpack(archive: Archive, folder: string, options: UnpackOptions = {}): Promise<Unpacked> {
  const root = resolve(folder);
  const quota = createQuota('input', options);
  const { folderMemoryBytes: folderBytesLeft = FOLDER_MEMORY_BYTES } = options;
  const folders = new Map([[root, undefined]]);
  const run: Run = { root, archive, options, quota, folders, folderBytesLeft, links: [], files: 0, sizeBytes: 0 };
  await unpackAll(run);
  await makeLinks(run);
  setFolderModes(run);
  return { files: run.files, sizeBytes: run.sizeBytes };
}

interface Run {
  readonly root: string;
  readonly archive: Archive;
  readonly options: UnpackOptions;
  readonly quota: Quota;
  /** Folders that exist, and the mode that each gets at the end: until then we write into them. */
  readonly folders: Map<string, number | undefined>;
  readonly links: PendingLink[];
  /** What is left of the memory for the folders. */
  folderBytesLeft: number;
  files: number;
  sizeBytes: number;
}

async function unpackAll(run: Run): Promise<void> {
  const { directory } = run.archive;
  const { entries: files, sizeBytes, extents } = await listingOf(run);
  run.quota.ask({ files, sizeBytes });
  const source = sourceOf(run, await run.archive.contents(extents.isInOrder()), extents);
  const zip = await asInvalid('the archive', () => openZip(directory));
  const entries = zip.eachEntry();
  const next = (): Promise<IteratorResult<Entry, undefined>> => asInvalid('the archive', () => entries.next());
  for (let entry = await next(); entry.done !== true; entry = await next()) {
    // Nobody could stop us otherwise.
    if (zip.entriesRead % ENTRIES_AT_ONCE === 0) await setImmediate();
    run.options.signal?.throwIfAborted();
    await unpackEntry(run, source, entry.value);
  }
}

async function listingOf({ archive, options }: Run): Promise<ZipListing> {
  const { maxFiles, signal, allowsLinks } = options;
  const look = await lookIntoZip(archive.directory, {
    ...(maxFiles !== undefined && { maxEntries: maxFiles }),
    ...(signal && { signal }),
    ...(allowsLinks !== undefined && { allowsLinks }),
  });
  if (!isZipFault(look)) return look;
  const { fault, of } = look;
  throw new TransferError('InputInvalid', of === 'entry' ? fault : `the archive cannot be unpacked: ${fault}`);
}

function sourceOf(run: Run, contents: Contents, extents: FileSource['extents']): FileSource {
  const { quota, options } = run;
  const onBytes = (sizeBytes: number): void => {
    quota.takeBytes(sizeBytes);
    run.sizeBytes += sizeBytes;
    options.onProgress?.(run);
  };
  return { contents, extents, onBytes };
}

async function unpackEntry(run: Run, source: FileSource, entry: Entry): Promise<void> {
  const fault = entryFault(entry, run.archive.directory.sizeBytes, run.options.allowsLinks);
  if (fault !== undefined) throw new TransferError('InputInvalid', fault);
  const name = entryNameOf(entry);
  const path = safeEntryPath(run.root, name);
  const mode = modeFor(entry, run.options);
  await asInvalid(`entry ${JSON.stringify(name)}`, async () => {
    if (name.endsWith('/')) return addFolder(run, path, name, mode);
    addParents(run, dirname(path));
    run.quota.takeFile();
    if (isLink(entry)) return void run.links.push(await readLink(source, entry, name, path));
    await unpackFile(source, entry, path, mode);
  });
  run.files += 1;
  run.options.onProgress?.(run);
}

/** The last step before the modes of folders, which may forbid it. */
async function makeLinks({ links }: Run): Promise<void> {
  for (const link of links) {
    await asInvalid(`entry ${JSON.stringify(link.name)}`, () => Promise.resolve().then(() => makeLink(link)));
  }
}

function modeFor(entry: Entry, { sharesWithGroup = false }: UnpackOptions): number {
  const mode = permissionsOf(entry);
  return sharesWithGroup ? mode | ((mode & 0o500) >> 3) : mode;
}

/** Permission bits: those that the archive tells, or the usual ones. */
function permissionsOf(entry: Entry): number {
  const mode = entryModeOf(entry);
  if (mode !== 0) return mode & 0o777;
  return entryNameOf(entry).endsWith('/') ? 0o755 : 0o644;
}

function addFolder(run: Run, path: string, name: string, mode: number): void {
  if (path === run.root) return;
  if (run.folders.get(path) !== undefined) throw invalid(name, 'occurs twice');
  addParents(run, path);
  run.folders.set(path, mode);
}

/** Makes the folders down to `path`; none of them can be a link, for we began with an empty folder and make links last. */
function addParents(run: Run, path: string): void {
  if (run.folders.has(path)) return;
  addParents(run, dirname(path));
  run.quota.takeFile();
  takeFolderMemory(run, path);
  mkdirSync(path);
  run.folders.set(path, undefined);
}

const FOLDER_MEMORY_BYTES = 24 * 1024 * 1024;
/** About what each folder costs beside its characters. */
const FOLDER_BYTES = 100;

/** Without it an archive of folders alone would end us without a word. */
function takeFolderMemory(run: Run, path: string): void {
  run.folderBytesLeft -= FOLDER_BYTES + path.length;
  if (run.folderBytesLeft >= 0) return;
  throw new TransferError('InputTooLarge', `the input has too many folders to be kept in mind: ${run.folders.size}`);
}

function setFolderModes(run: Run): void {
  for (const [path, mode] of [...run.folders].reverse()) {
    if (mode !== undefined) chmodSync(path, mode);
  }
}

function invalid(name: string, fault: string): TransferError {
  return new TransferError('InputInvalid', `entry ${JSON.stringify(name)} ${fault}`);
}

/** Runs a step; a fault in it is the archive's, unless it is plainly the disk's or a stop from outside. */
async function asInvalid<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (isTransferError(error) || isDiskFull(error)) throw error;
    throw toInvalid(what, error);
  }
}

function toInvalid(what: string, error: unknown): unknown {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new TransferError('InputInvalid', `${what} occurs twice`, { cause: error });
    case 'ENAMETOOLONG':
      return new TransferError('InputInvalid', `${what} has too long a name`, { cause: error });
    default:
      // A fault of the system (EACCES, EIO) or a stop from outside tells nothing about the archive.
      return isSystemFault(error) || code === 'ABORT_ERR'
        ? error
        : new TransferError('InputInvalid', `${what} cannot be unpacked: ${message}`, { cause: error });
  }
}
