import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createDeflateRaw, deflateRawSync } from 'node:zlib';
// Native: three times as fast as Node's own.
import { crc32 } from '@node-rs/crc32';
import { LAST_BLOCK, readStoredBlocks } from './stored-blocks.ts';
import { explainRefused, replacedError } from './tree-errors.ts';
import type { TreeEntry } from './walk.ts';
import { dataDescriptor, localHeader } from './zip-format.ts';
import type { ZipRecord } from './zip-format.ts';

/** What counts while files are packed. */
export interface FileMeter {
  /** Asked before a file is read, with the size that it claims; throws when that is too much. */
  expect(sizeBytes: number): void;
  /** Told of what was read, piece by piece, for a file may grow; throws when it is too much. */
  count(sizeBytes: number): void;
}

/** What is passed on at one time. */
export const BATCH_SIZE_BYTES = 64 * 1024;

/** Up to here a content is compressed at one go: a stream for each of many small files costs 1 ms and 10 kB apiece. */
const SMALL_FILE_BYTES = 128 * 1024;

/** Deflate's fastest level packs text at 140 MB/s a core, the default one at 42 MB/s for a fifth less in size. */
const LEVEL = 1;

/** Never through a link that took a file's place, and never waiting for a FIFO that did. */
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The bytes of an open file's entry, and at their end its record, which is `record` until then. The file is closed at the end. */
export async function* fileParts(fd: number, record: ZipRecord, meter: FileMeter): AsyncGenerator<Buffer | ZipRecord> {
  try {
    meter.expect(fstatSync(fd).size);
    const small = readSmall(fd);
    if (small === undefined) {
      yield* streamedParts(record, fd, meter);
    } else {
      meter.count(small.length);
      yield* wholeParts(record, small);
    }
  } finally {
    closeSync(fd);
  }
}

/**
 * Opens what was a file when it was looked at; by now it could be a device, which has no end.
 * @throws TransferError that names the file
 */
export function openFile(entry: TreeEntry): number {
  let fd: number;
  try {
    fd = openSync(entry.path, READ_ONLY);
  } catch (error) {
    throw explainRefused(entry, error);
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw replacedError(entry);
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

async function* streamedParts(record: ZipRecord, fd: number, meter: FileMeter): AsyncGenerator<Buffer | ZipRecord> {
  const isZip64 = fstatSync(fd).size >= ZIP64_FROM_BYTES;
  const sums: Sums = { crc32: 0, sizeBytes: 0, compressedSizeBytes: 0 };
  const count = (part: Buffer): void => {
    sums.crc32 = crc32(part, sums.crc32);
    sums.sizeBytes += part.length;
    meter.count(part.length);
  };
  const streamed: ZipRecord = { ...record, isDeflated: true, isStreamed: true };
  yield localHeader(streamed, isZip64);
  for await (const part of shrinks(fd) ? deflatedParts(fd, sums, count) : storedParts(fd, sums, count)) {
    sums.compressedSizeBytes += part.length;
    yield part;
  }
  const known = { ...streamed, ...sums };
  yield dataDescriptor(known, isZip64 || known.sizeBytes >= 0xffff_ffff);
  yield known;
}

/** What is known so far of a file that is read. */
interface Sums {
  crc32: number;
  /** Also where the next byte stands. */
  sizeBytes: number;
  compressedSizeBytes: number;
}

/** What does not shrink at its beginning (pictures, archives) is passed on as it is: at 10 times the speed. */
function shrinks(fd: number): boolean {
  const sample = Buffer.allocUnsafe(BATCH_SIZE_BYTES);
  const bytesRead = readSync(fd, sample, 0, sample.length, 0);
  return deflateRawSync(sample.subarray(0, bytesRead), { level: LEVEL }).length <= 0.97 * bytesRead;
}

function* storedParts(fd: number, sums: Sums, count: (part: Buffer) => void): Generator<Buffer> {
  for (;;) {
    const { bytes, contents } = readStoredBlocks(fd, sums.sizeBytes);
    if (contents.length === 0) break;
    contents.forEach(count);
    yield bytes;
  }
  yield LAST_BLOCK;
}

function deflatedParts(fd: number, sums: Sums, count: (part: Buffer) => void): AsyncIterable<Buffer> {
  const contents = Readable.from(contentsOf(fd, sums, count), { objectMode: false });
  const deflate = createDeflateRaw({ level: LEVEL, chunkSize: BATCH_SIZE_BYTES });
  contents.on('error', (error) => deflate.destroy(error));
  return contents.pipe(deflate);
}

/** A file's bytes from its beginning to wherever its end is by then. */
async function* contentsOf(fd: number, sums: Sums, count: (part: Buffer) => void): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await readAt(fd, Buffer.allocUnsafe(BATCH_SIZE_BYTES), sums.sizeBytes);
    if (bytesRead === 0) return;
    const part = buffer.subarray(0, bytesRead);
    count(part);
    yield part;
  }
}

const readAsync = promisify(read);

function readAt(fd: number, buffer: Buffer, position: number): Promise<{ bytesRead: number; buffer: Buffer }> {
  return readAsync(fd, buffer, 0, buffer.length, position);
}
