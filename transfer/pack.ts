import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { createQuota } from './quota.ts';
import type { Limits, Quota } from './quota.ts';
import { explainUnreadable } from './walk.ts';
import type { TreeEntry } from './walk.ts';
import { dataDescriptor, directoryRecord, endOfZip, localHeader } from './zip-format.ts';
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

const BATCH_SIZE_BYTES = 64 * 1024;

/** Up to here a content is compressed at one go: a stream for each of many small files costs 1 ms and 10 kB apiece. */
const SMALL_FILE_BYTES = 128 * 1024;

/** Deflate's fastest level packs text at 140 MB/s a core, the default one at 42 MB/s for a fifth less in size. */
const LEVEL = 1;

async function* zipParts(entries: Iterable<TreeEntry>, options: PackOptions): AsyncGenerator<Buffer> {
  const { onProgress = () => undefined } = options;
  const run: PackRun = { files: 0, sizeBytes: 0, quota: createQuota('output', options), report: onProgress };
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    run.quota.takeFile();
    const start = offset;
    for await (const part of entry.isFolder ? folderParts(entry) : fileParts(entry, run)) {
      if (Buffer.isBuffer(part)) {
        offset += part.length;
        yield part;
      } else {
        directory.push(directoryRecord({ ...part, offset: start }));
      }
    }
    run.files += 1;
    run.report(run);
  }
  yield* directory;
  const sizeBytes = directory.reduce((sum, record) => sum + record.length, 0);
  yield endOfZip({ entries: run.files, sizeBytes, offset });
}

interface PackRun extends Packed {
  files: number;
  sizeBytes: number;
  readonly quota: Quota;
  readonly report: (soFar: Packed) => void;
}

function takeBytes(run: PackRun, sizeBytes: number): void {
  run.quota.takeBytes(sizeBytes);
  run.sizeBytes += sizeBytes;
}

/** Gathers small parts: each part on its own would cost more than what is in it. */
async function* batched(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let batch: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of parts) {
    batch.push(part);
    sizeBytes += part.length;
    if (sizeBytes < BATCH_SIZE_BYTES) continue;
    yield Buffer.concat(batch);
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

function* folderParts(entry: TreeEntry): Generator<Buffer | ZipRecord> {
  const record = recordOf(entry, constants.S_IFDIR);
  yield localHeader(record, false);
  yield record;
}

/** Never through a link that took a file's place, and never waiting for a FIFO that did. */
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The bytes of a file's entry, and at their end its record. */
async function* fileParts(entry: TreeEntry, run: PackRun): AsyncGenerator<Buffer | ZipRecord> {
  const fd = openOrExplain(entry.path);
  try {
    // Before it is read; each piece that was is taken on its own, for a file may grow.
    run.quota.ask({ sizeBytes: fstatSync(fd).size });
    const small = readSmall(fd);
    if (small === undefined) yield* streamedParts(recordOf(entry, constants.S_IFREG), fd, run);
    else yield* wholeParts(recordOf(entry, constants.S_IFREG), small);
    takeBytes(run, small?.length ?? 0);
  } finally {
    closeSync(fd);
  }
}

function openOrExplain(path: Buffer): number {
  try {
    return openSync(path, READ_ONLY);
  } catch (error) {
    throw explainUnreadable(path, error);
  }
}

/** One file's content at a time, and one byte to see that nothing follows. */
const smallContent = Buffer.allocUnsafeSlow(SMALL_FILE_BYTES + 1);

/** The whole content, valid until the next call; or undefined when it is too long, or has grown while it was read. */
function readSmall(fd: number): Buffer | undefined {
  const { size } = fstatSync(fd);
  if (size > SMALL_FILE_BYTES) return undefined;
  let length = 0;
  while (length <= size) {
    const bytesRead = readSync(fd, smallContent, length, size + 1 - length, length);
    if (bytesRead === 0) return smallContent.subarray(0, length);
    length += bytesRead;
  }
  return undefined;
}

function* wholeParts(record: ZipRecord, content: Buffer): Generator<Buffer | ZipRecord> {
  // A buffer no larger than needed: the default one leaves 16 kB of garbage for every file of a few bytes.
  const deflated = deflateRawSync(content, { level: LEVEL, chunkSize: Math.max(64, content.length) });
  const isDeflated = deflated.length < content.length;
  const data = isDeflated ? deflated : Buffer.from(content);
  const known: ZipRecord = {
    ...record,
    isDeflated,
    crc32: crc32(content),
    compressedSizeBytes: data.length,
    sizeBytes: content.length,
  };
  yield localHeader(known, false);
  yield data;
  yield known;
}

/** Beyond this a file may well pass 4 GiB, also if it has grown a little meanwhile. */
const ZIP64_FROM_BYTES = 0xf000_0000;

async function* streamedParts(record: ZipRecord, fd: number, run: PackRun): AsyncGenerator<Buffer | ZipRecord> {
  const isZip64 = fstatSync(fd).size >= ZIP64_FROM_BYTES;
  const sums = { crc32: 0, sizeBytes: 0, compressedSizeBytes: 0 };
  const streamed: ZipRecord = { ...record, isDeflated: true, isStreamed: true };
  yield localHeader(streamed, isZip64);
  const contents = Readable.from(contentsOf(fd, run, sums), { objectMode: false });
  const deflate = createDeflateRaw({ level: levelFor(fd), chunkSize: BATCH_SIZE_BYTES });
  contents.on('error', (error) => deflate.destroy(error));
  for await (const part of contents.pipe(deflate) as AsyncIterable<Buffer>) {
    sums.compressedSizeBytes += part.length;
    yield part;
  }
  const known = { ...streamed, ...sums };
  yield dataDescriptor(known, isZip64 || known.sizeBytes >= 0xffff_ffff);
  yield known;
}

/** What does not shrink at its beginning (pictures, archives) is passed on as it is: at 10 times the speed. */
function levelFor(fd: number): number {
  const sample = Buffer.allocUnsafe(BATCH_SIZE_BYTES);
  const bytesRead = readSync(fd, sample, 0, sample.length, 0);
  return deflateRawSync(sample.subarray(0, bytesRead), { level: LEVEL }).length > 0.97 * bytesRead ? 0 : LEVEL;
}

/** A file's bytes from its beginning to wherever its end is by then. */
async function* contentsOf(
  fd: number,
  run: PackRun,
  sums: { crc32: number; sizeBytes: number },
): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await readAt(fd, Buffer.allocUnsafe(BATCH_SIZE_BYTES), sums.sizeBytes);
    if (bytesRead === 0) return;
    const part = buffer.subarray(0, bytesRead);
    sums.crc32 = crc32(part, sums.crc32);
    sums.sizeBytes += bytesRead;
    takeBytes(run, bytesRead);
    run.report(run);
    yield part;
  }
}

const readAsync = promisify(read);

function readAt(fd: number, buffer: Buffer, position: number): Promise<{ bytesRead: number; buffer: Buffer }> {
  return readAsync(fd, buffer, 0, buffer.length, position);
}
