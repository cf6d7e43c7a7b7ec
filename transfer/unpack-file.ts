import { closeSync, constants, fchmodSync, openSync, writeFileSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
// Native: three times as fast as Node's own.
import { crc32 } from '@node-rs/crc32';
import type { Entry } from 'yauzl';
import type { Contents } from './archive.ts';
import { LOCAL_HEADER_BYTES } from './entry-rules.ts';
import type { Extents } from './extents.ts';

/** The archive that a file is unpacked from. */
export interface FileSource {
  readonly contents: Contents;
  readonly extents: Extents;
  /** Called before so many bytes are written; what it throws ends the unpacking. */
  readonly onBytes: (sizeBytes: number) => void;
}

const CREATE_ONLY = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Up to here an entry is unpacked at one go: a stream for each of many small ones costs 1 ms and 20 kB apiece. */
const SMALL_ENTRY_BYTES = 128 * 1024;

/** What is written at one time of a larger one that was compressed. */
const INFLATED_PIECE_BYTES = 256 * 1024;

/** Makes the file `path` of an entry; throws when its content is not what the archive promises, or one with another's bytes. */
export async function unpackFile(source: FileSource, entry: Entry, path: string, mode: number): Promise<void> {
  const fd = openSync(path, CREATE_ONLY, 0o600);
  try {
    const dataStart = await dataStartOf(source, entry);
    const isSmall = Math.max(entry.compressedSize, entry.uncompressedSize) <= SMALL_ENTRY_BYTES;
    const checksum = await (isSmall ? writeWhole : writeStreamed)(source, entry, dataStart, fd);
    assertChecksum(checksum, entry);
    fchmodSync(fd, mode);
  } finally {
    closeSync(fd);
  }
}

const LOCAL_HEADER = 0x04034b50;

/** The local header is believed in nothing but its length, which must leave the data in front of what follows. */
async function dataStartOf({ contents, extents }: FileSource, entry: Entry): Promise<number> {
  const start = entry.relativeOffsetOfLocalHeader;
  const header = await contents.read(start, LOCAL_HEADER_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error('its header has another signature');
  const dataStart = start + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (dataStart + entry.compressedSize > extents.nextAfter(start)) throw new Error('it overlaps with what follows');
  return dataStart;
}

/** The content of a small entry; throws when it is not what the archive promises, or one with another's bytes. */
export async function readEntry(source: FileSource, entry: Entry): Promise<Buffer> {
  const content = await readWhole(source, entry, await dataStartOf(source, entry));
  assertChecksum(crc32(content), entry);
  return content;
}

async function writeWhole(source: FileSource, entry: Entry, dataStart: number, fd: number): Promise<number> {
  const content = await readWhole(source, entry, dataStart);
  writeFileSync(fd, content);
  return crc32(content);
}

async function readWhole(source: FileSource, entry: Entry, dataStart: number): Promise<Buffer> {
  const data = await source.contents.read(dataStart, entry.compressedSize);
  const sizeBytes = entry.uncompressedSize;
  const content = entry.compressionMethod === 0 ? data : inflateRawSync(data, limitsFor(sizeBytes));
  if (content.length !== sizeBytes) throw wrongSize(content.length, entry);
  source.onBytes(content.length);
  return content;
}

function assertChecksum(checksum: number, entry: Entry): void {
  if (checksum !== entry.crc32) throw new Error('its CRC-32 is not the one that the archive says');
}

/** No more than promised, and a buffer no larger than needed. */
function limitsFor(sizeBytes: number): ZlibOptions {
  return { maxOutputLength: sizeBytes + 1, chunkSize: Math.max(64, sizeBytes + 1) };
}

/**
 * Writes an entry piece by piece. Writes are not left to other threads: what they would do is copying in memory, mostly, and each
 * handing over costs more.
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

/** The content of an entry. */
function partsOf({ contents }: FileSource, entry: Entry, dataStart: number): AsyncIterable<Buffer> {
  const pieces = contents.pieces(dataStart, entry.compressedSize);
  if (entry.compressionMethod === 0) return pieces;
  const inflate = createInflateRaw({ chunkSize: INFLATED_PIECE_BYTES });
  // What goes wrong comes with the parts.
  return pipeline(Readable.from(pieces, { objectMode: false }), inflate, () => undefined);
}
