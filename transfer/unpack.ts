import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fromRandomAccessReaderPromise } from 'yauzl';
import type { Entry } from 'yauzl';
import type { Archive, Contents } from './archive.ts';
import { safeEntryPath } from './entry-path.ts';
import { entryFault, entryModeOf, entryNameOf } from './entry-rules.ts';
import { codeOf, isDiskFull, isSystemFault, isTransferError, TransferError } from './errors.ts';
import { createQuota } from './quota.ts';
import type { Limits, Quota } from './quota.ts';
import { unpackFile } from './unpack-file.ts';
import type { FileSource } from './unpack-file.ts';
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
}

/**
 * Unpacks a zip into the empty folder `folder`, one entry after the other in constant memory.
 * Throws {@link TransferError} `InputInvalid` naming the entry for anything but plain files and folders inside the
 * folder, for contents that are not what the archive promises, and for what is no zip at all; `InputTooLarge` for more than
 * the limits; `DiskFull` for no space. Nothing is written before all that the archive lists has been looked at.
 */
export async function unpack(archive: Archive, folder: string, options: UnpackOptions = {}): Promise<Unpacked> {
  const root = resolve(folder);
  const quota = createQuota('input', options);
  const { folderMemoryBytes: folderBytesLeft = FOLDER_MEMORY_BYTES } = options;
  const folders = new Map([[root, undefined]]);
  const run: Run = { root, archive, options, quota, folders, folderBytesLeft, files: 0, sizeBytes: 0 };
  await unpackAll(run);
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
  /** What is left of the memory for them. */
  folderBytesLeft: number;
  files: number;
  sizeBytes: number;
}

async function unpackAll(run: Run): Promise<void> {
  const { directory } = run.archive;
  const { entries: files, sizeBytes, extents } = await listingOf(run);
  run.quota.ask({ files, sizeBytes });
  const source = sourceOf(run, await run.archive.contents(extents.isInOrder()), extents);
  const zipOptions = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  const zip = await asInvalid('the archive', () =>
    fromRandomAccessReaderPromise(directory, directory.sizeBytes, zipOptions),
  );
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
  const { maxFiles, signal } = options;
  const look = await lookIntoZip(archive.directory, {
    ...(maxFiles !== undefined && { maxEntries: maxFiles }),
    ...(signal && { signal }),
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
  const fault = entryFault(entry, run.archive.directory.sizeBytes);
  if (fault !== undefined) throw new TransferError('InputInvalid', fault);
  const name = entryNameOf(entry);
  const path = safeEntryPath(run.root, name);
  const mode = permissionsOf(entry);
  await asInvalid(`entry ${JSON.stringify(name)}`, async () => {
    if (name.endsWith('/')) return addFolder(run, path, name, mode ?? 0o755);
    addParents(run, dirname(path));
    run.quota.takeFile();
    await unpackFile(source, entry, path, mode ?? 0o644);
  });
  run.files += 1;
  run.options.onProgress?.(run);
}

/** Permission bits, if the archive tells them. */
function permissionsOf(entry: Entry): number | undefined {
  const mode = entryModeOf(entry);
  return mode === 0 ? undefined : mode & 0o777;
}

function addFolder(run: Run, path: string, name: string, mode: number): void {
  if (path === run.root) return;
  if (run.folders.get(path) !== undefined) throw invalid(name, 'occurs twice');
  addParents(run, path);
  run.folders.set(path, mode);
}

/** Makes the folders down to `path`; none of them can be a link, for we make none and began with an empty folder. */
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
