import { constants } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
// Native: three times as fast as Node's own.
import { crc32 } from '@node-rs/crc32';
import { BATCH_SIZE_BYTES, fileParts, openFile } from './pack-file.ts';
import { createQuota } from './quota.ts';
import type { Limits, Quota } from './quota.ts';
import type { Skipped } from './skipped.ts';
import { unlessUnreadable } from './tree-errors.ts';
import type { TreeEntry } from './walk.ts';
import { directoryRecord, endOfZip, localHeader } from './zip-format.ts';
import type { ZipRecord } from './zip-format.ts';

/** What was packed so far. */
export interface Packed {
  readonly files: number;
  readonly sizeBytes: number;
}

/** How to pack. */
export interface PackOptions extends Limits {
  /** Called after each entry, while a long one is read, and at the end. */
  readonly onProgress?: (soFar: Packed) => void;
  /** Where files are counted that may not be read, and are left out; without it they are errors. */
  readonly unreadable?: Skipped;
}

/**
 * A zip of the tree as a stream, made while it is read: one entry at a time, in memory that grows by about 100 bytes for
 * each (the zip's directory). The same tree makes the same zip. Files are read to their end, however long they have
 * become. The stream fails with a `TransferError` that names a file which may not be read, or with `OutputTooLarge` as soon as it is
 * clear that there are more bytes or files than allowed.
 */
export function pack(entries: Iterable<TreeEntry>, options: PackOptions = {}): Readable {
  return Readable.from(batched(zipParts(entries, options)), { objectMode: false, highWaterMark: BATCH_SIZE_BYTES });
}

async function* zipParts(entries: Iterable<TreeEntry>, options: PackOptions): AsyncGenerator<Buffer> {
  const { onProgress = () => undefined, unreadable } = options;
  const run: PackRun = {
    files: 0,
    sizeBytes: 0,
    quota: createQuota('output', options),
    report: onProgress,
    unreadable,
  };
  const directory = createDirectory();
  let offset = 0;
  for (const entry of entries) {
    run.quota.takeFile();
    const start = offset;
    for await (const part of partsOf(entry, run)) {
      if (Buffer.isBuffer(part)) {
        offset += part.length;
        yield part;
      } else {
        directory.add(directoryRecord({ ...part, offset: start }));
        run.files += 1;
      }
    }
    run.report(run);
  }
  // Before its pieces go to who may free them.
  const sizeBytes = directory.sizeBytes();
  yield* directory.parts();
  yield endOfZip({ entries: run.files, sizeBytes, offset });
}

/** The directory until its turn comes, in pieces: a buffer for each record would take twice the memory. */
function createDirectory() {
  const full: Buffer[] = [];
  let piece = Buffer.allocUnsafeSlow(BATCH_SIZE_BYTES);
  let length = 0;
  return {
    add(record: Buffer): void {
      if (length + record.length > piece.length) {
        full.push(piece.subarray(0, length));
        [piece, length] = [Buffer.allocUnsafeSlow(Math.max(BATCH_SIZE_BYTES, record.length)), 0];
      }
      length += record.copy(piece, length);
    },
    sizeBytes: () => full.reduce((sum, { length: pieceBytes }) => sum + pieceBytes, length),
    parts: () => [...full, piece.subarray(0, length)],
  };
}

interface PackRun extends Packed {
  files: number;
  sizeBytes: number;
  readonly quota: Quota;
  readonly report: (soFar: Packed) => void;
  readonly unreadable: Skipped | undefined;
}

function partsOf(entry: TreeEntry, run: PackRun): Iterable<Buffer | ZipRecord> | AsyncIterable<Buffer | ZipRecord> {
  if (entry.isFolder) return folderParts(entry);
  return entry.target === undefined ? partsOfFile(entry, run) : linkParts(entry, entry.target, run);
}

async function* partsOfFile(entry: TreeEntry, run: PackRun): AsyncGenerator<Buffer | ZipRecord> {
  const fd = unlessUnreadable(run.unreadable, () => openFile(entry));
  if (fd === undefined) return;
  yield* fileParts(fd, recordOf(entry, constants.S_IFREG), {
    expect: (sizeBytes) => run.quota.ask({ sizeBytes }),
    count: (sizeBytes) => {
      run.quota.takeBytes(sizeBytes);
      run.sizeBytes += sizeBytes;
      run.report(run);
    },
  });
}

/** Gathers small parts: each part on its own would cost more than what is in it. */
async function* batched(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let batch: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of parts) {
    batch.push(part);
    sizeBytes += part.length;
    if (sizeBytes < BATCH_SIZE_BYTES) continue;
    yield part.length === sizeBytes ? part : Buffer.concat(batch);
    [batch, sizeBytes] = [[], 0];
    await setImmediate(); // small files are read without waiting: this is when signals and the network get their turn
  }
  if (sizeBytes > 0) yield Buffer.concat(batch);
}

function recordOf(entry: TreeEntry, type: number): ZipRecord {
  return {
    name: Buffer.from(entry.isFolder ? `${entry.name}/` : entry.name),
    mode: type | entry.mode,
    mtime: entry.mtime,
    isDeflated: false,
    isStreamed: false,
    crc32: 0,
    compressedSizeBytes: 0,
    sizeBytes: 0,
    offset: 0,
  };
}

/** A link as Info-ZIP writes it: its mode says what it is, and its content is its target. */
function* linkParts(entry: TreeEntry, target: Buffer, run: PackRun): Generator<Buffer | ZipRecord> {
  run.quota.takeBytes(target.length);
  run.sizeBytes += target.length;
  const sizes = { compressedSizeBytes: target.length, sizeBytes: target.length };
  const record = { ...recordOf(entry, constants.S_IFLNK), crc32: crc32(target), ...sizes };
  yield localHeader(record, false);
  yield target;
  yield record;
}

function* folderParts(entry: TreeEntry): Generator<Buffer | ZipRecord> {
  const record = recordOf(entry, constants.S_IFDIR);
  yield localHeader(record, false);
  yield record;
}
