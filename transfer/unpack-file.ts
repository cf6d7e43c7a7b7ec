import { closeSync, constants, fchmodSync, openSync, readSync, writeFileSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import type { Extents } from './extents.ts';

/** The archive that a file is unpacked from. */
export interface FileSource {
  readonly zip: ZipFile;
  readonly zipFd: number;
  readonly extents: Extents;
  readonly signal?: AbortSignal;
  /** Called before so many bytes are written; what it throws ends the unpacking. */
  readonly onBytes: (sizeBytes: number) => void;
}

const CREATE_ONLY = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Up to here an entry is unpacked at one go: a stream for each of many small ones costs 1 ms and 20 kB apiece. */
const SMALL_ENTRY_BYTES = 128 * 1024;

/** What is written at one time of a larger one. */
const PIECE_BYTES = 256 * 1024;
/** What is read at one time of one that is compressed: the buffers are left to whoever inflates them. */
const COMPRESSED_PIECE_BYTES = 64 * 1024;

/** Makes the file `path` of an entry; throws when its content is not what the archive promises, or one with another's bytes. */
export async function unpackFile(source: FileSource, entry: Entry, path: string, mode: number): Promise<void> {
  const fd = openSync(path, CREATE_ONLY, 0o600);
  try {
    const dataStart = await dataStartOf(source, entry);
    const isSmall = Math.max(entry.compressedSize, entry.uncompressedSize) <= SMALL_ENTRY_BYTES;
    const checksum = isSmall
      ? writeWhole(source, entry, dataStart, fd)
      : await writeStreamed(source, entry, dataStart, fd);
    if (checksum !== entry.crc32) throw new Error('its CRC-32 is not the one that the archive says');
    fchmodSync(fd, mode);
  } finally {
    closeSync(fd);
  }
}

/** The local header is believed in nothing but its length, which must leave the data in front of what follows. */
async function dataStartOf({ zip, extents }: FileSource, entry: Entry): Promise<number> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const next = extents.nextAfter(entry.relativeOffsetOfLocalHeader);
  if (fileDataStart + entry.compressedSize > next) throw new Error('it overlaps with what follows');
  return fileDataStart;
}

function writeWhole({ zipFd, onBytes }: FileSource, entry: Entry, dataStart: number, fd: number): number {
  const data = Buffer.allocUnsafe(entry.compressedSize);
  if (readSync(zipFd, data, 0, data.length, dataStart) < data.length) throw new Error('it ends too early');
  const sizeBytes = entry.uncompressedSize;
  const content = entry.compressionMethod === 0 ? data : inflateRawSync(data, limitsFor(sizeBytes));
  if (content.length !== sizeBytes) throw wrongSize(content.length, entry);
  onBytes(content.length);
  writeFileSync(fd, content);
  return crc32(content);
}

/** No more than promised, and a buffer no larger than needed. */
function limitsFor(sizeBytes: number): ZlibOptions {
  return { maxOutputLength: sizeBytes + 1, chunkSize: Math.max(64, sizeBytes + 1) };
}

/**
 * Writes an entry piece by piece. Reads and writes are not left to other threads: what they would do is copying in memory, mostly, and
 * each handing over costs more.
 */
async function writeStreamed(source: FileSource, entry: Entry, dataStart: number, fd: number): Promise<number> {
  let checksum = 0;
  let sizeBytes = 0;
  for await (const part of partsOf(source, entry, dataStart)) {
    sizeBytes += part.length;
    if (sizeBytes > entry.uncompressedSize) throw new Error(`it has more than ${entry.uncompressedSize} bytes`);
    source.onBytes(part.length);
    checksum = crc32(part, checksum);
    writeFileSync(fd, part);
  }
  if (sizeBytes !== entry.uncompressedSize) throw wrongSize(sizeBytes, entry);
  return checksum;
}

function wrongSize(sizeBytes: number, { uncompressedSize }: Entry): Error {
  return new Error(`it has ${sizeBytes} bytes instead of ${uncompressedSize}`);
}

/** The content of an entry; each part is valid until the next one is asked for. */
function partsOf(source: FileSource, entry: Entry, dataStart: number): AsyncIterable<Buffer> {
  const pieces = (next: () => Buffer) => piecesOf(source, entry, dataStart, next);
  if (entry.compressionMethod === 0) {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    return pieces(() => piece);
  }
  const compressed = Readable.from(
    pieces(() => Buffer.allocUnsafeSlow(COMPRESSED_PIECE_BYTES)),
    { objectMode: false },
  );
  // What goes wrong comes with the parts.
  return pipeline(compressed, createInflateRaw({ chunkSize: PIECE_BYTES }), () => undefined);
}

/** The bytes of an entry as they stand in the archive, in the buffers that `next` gives. */
async function* piecesOf(
  { zipFd, signal }: FileSource,
  { compressedSize }: Entry,
  dataStart: number,
  next: () => Buffer,
): AsyncGenerator<Buffer> {
  for (let done = 0; done < compressedSize;) {
    // Nobody could stop us otherwise.
    await setImmediate(undefined, { signal });
    const piece = next();
    const length = readSync(zipFd, piece, 0, Math.min(piece.length, compressedSize - done), dataStart + done);
    if (length === 0) throw new Error('it ends too early');
    done += length;
    yield piece.subarray(0, length);
  }
}
