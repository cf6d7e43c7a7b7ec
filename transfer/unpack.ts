import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  readSync,
  writeFile as writeFileTo,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { fromFdPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { safeEntryPath } from './entry-path.ts';
import { entryFault, entryModeOf, entryNameOf } from './entry-rules.ts';
import { codeOf, isDiskFull, isSystemFault, isTransferError, TransferError } from './errors.ts';

/** What came out of an archive. */
export interface Unpacked {
  /** Entries, folders included. */
  readonly files: number;
  readonly sizeBytes: number;
}

/** How to unpack. */
export interface UnpackOptions {
  readonly signal?: AbortSignal;
  /** Called after each entry, and while a long one is written. */
  readonly onProgress?: (soFar: Unpacked) => void;
}

/**
 * Unpacks the zip at `zipPath` into the empty folder `folder`, one entry after the other in constant memory.
 * Throws {@link TransferError} `InputInvalid` naming the entry for anything but plain files and folders inside the
 * folder, for contents that are not what the archive promises, and for what is no zip at all; `DiskFull` for no space.
 */
export async function unpack(zipPath: string, folder: string, options: UnpackOptions = {}): Promise<Unpacked> {
  const root = resolve(folder);
  const zipFd = openSync(zipPath, constants.O_RDONLY);
  const run: Run = { root, zipFd, options, folders: new Map([[root, undefined]]), files: 0, sizeBytes: 0 };
  try {
    await unpackAll(run);
  } finally {
    closeSync(zipFd);
  }
  setFolderModes(run);
  return { files: run.files, sizeBytes: run.sizeBytes };
}

async function unpackAll(run: Run): Promise<void> {
  const zip = await asInvalid('the archive', () =>
    fromFdPromise(run.zipFd, { autoClose: false, decodeStrings: false, validateEntrySizes: true }),
  );
  const entries = zip.eachEntry();
  const next = (): Promise<IteratorResult<Entry, undefined>> => asInvalid('the archive', () => entries.next());
  for (let entry = await next(); entry.done !== true; entry = await next()) {
    run.options.signal?.throwIfAborted();
    await unpackEntry(run, zip, entry.value);
  }
}

interface Run {
  readonly root: string;
  readonly zipFd: number;
  readonly options: UnpackOptions;
  /** Folders that exist, and the mode that each gets at the end: until then we write into them. */
  readonly folders: Map<string, number | undefined>;
  files: number;
  sizeBytes: number;
}

async function unpackEntry(run: Run, zip: ZipFile, entry: Entry): Promise<void> {
  const fault = entryFault(entry, zip.fileSize);
  if (fault !== undefined) throw new TransferError('InputInvalid', fault);
  const name = entryNameOf(entry);
  const path = safeEntryPath(run.root, name);
  const mode = permissionsOf(entry);
  await asInvalid(`entry ${JSON.stringify(name)}`, async () => {
    if (name.endsWith('/')) return addFolder(run, path, name, mode ?? 0o755);
    addParents(run, dirname(path));
    await writeFile(run, zip, entry, path, mode ?? 0o644);
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
  mkdirSync(path);
  run.folders.set(path, undefined);
}

function setFolderModes(run: Run): void {
  for (const [path, mode] of [...run.folders].reverse()) {
    if (mode !== undefined) chmodSync(path, mode);
  }
}

const CREATE_ONLY = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Up to here an entry is unpacked at one go: a stream for each of many small ones costs 1 ms and 20 kB apiece. */
const SMALL_ENTRY_BYTES = 128 * 1024;

async function writeFile(run: Run, zip: ZipFile, entry: Entry, path: string, mode: number): Promise<void> {
  const fd = openSync(path, CREATE_ONLY, 0o600);
  try {
    const isSmall = Math.max(entry.compressedSize, entry.uncompressedSize) <= SMALL_ENTRY_BYTES;
    const checksum = isSmall ? await writeWhole(run, zip, entry, fd) : await writeStreamed(run, zip, entry, fd);
    if (checksum !== entry.crc32) throw new Error('its CRC-32 is not the one that the archive says');
    fchmodSync(fd, mode);
  } finally {
    closeSync(fd);
  }
}

async function writeWhole(run: Run, zip: ZipFile, entry: Entry, fd: number): Promise<number> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const data = Buffer.allocUnsafe(entry.compressedSize);
  if (readSync(run.zipFd, data, 0, data.length, fileDataStart) < data.length) throw new Error('it ends too early');
  const sizeBytes = entry.uncompressedSize;
  const content = entry.compressionMethod === 0 ? data : inflateRawSync(data, limitsFor(sizeBytes));
  if (content.length !== sizeBytes) throw new Error(`it has ${content.length} bytes instead of ${sizeBytes}`);
  writeFileSync(fd, content);
  run.sizeBytes += sizeBytes;
  return crc32(content);
}

/** No more than promised, and a buffer no larger than needed. */
function limitsFor(sizeBytes: number): ZlibOptions {
  return { maxOutputLength: sizeBytes + 1, chunkSize: Math.max(64, sizeBytes + 1) };
}

async function writeStreamed(run: Run, zip: ZipFile, entry: Entry, fd: number): Promise<number> {
  let checksum = 0;
  const source = await zip.openReadStreamPromise(entry);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      checksum = crc32(chunk, checksum);
      run.sizeBytes += chunk.length;
      run.options.onProgress?.(run);
      writeFileTo(fd, chunk, done);
    },
  });
  await pipeline(source, sink, signalOf(run.options));
  return checksum;
}

function signalOf({ signal }: UnpackOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
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
