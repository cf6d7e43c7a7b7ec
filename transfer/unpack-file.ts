import { closeSync, constants, fchmodSync, openSync, readSync, writeFile as writeFileTo, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, inflateRawSync } from 'node:zlib';
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

/** Makes the file `path` of an entry; throws when its content is not what the archive promises, or one with another's bytes. */
export async function unpackFile(source: FileSource, entry: Entry, path: string, mode: number): Promise<void> {
  const fd = openSync(path, CREATE_ONLY, 0o600);
  try {
    const dataStart = await dataStartOf(source, entry);
    const isSmall = Math.max(entry.compressedSize, entry.uncompressedSize) <= SMALL_ENTRY_BYTES;
    const checksum = isSmall ? writeWhole(source, entry, dataStart, fd) : await writeStreamed(source, entry, fd);
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
  if (content.length !== sizeBytes) throw new Error(`it has ${content.length} bytes instead of ${sizeBytes}`);
  onBytes(content.length);
  writeFileSync(fd, content);
  return crc32(content);
}

/** No more than promised, and a buffer no larger than needed. */
function limitsFor(sizeBytes: number): ZlibOptions {
  return { maxOutputLength: sizeBytes + 1, chunkSize: Math.max(64, sizeBytes + 1) };
}

async function writeStreamed({ zip, onBytes, signal }: FileSource, entry: Entry, fd: number): Promise<number> {
  let checksum = 0;
  const contents = await zip.openReadStreamPromise(entry);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        onBytes(chunk.length);
      } catch (error) {
        return done(error instanceof Error ? error : new Error(String(error)));
      }
      checksum = crc32(chunk, checksum);
      writeFileTo(fd, chunk, done);
    },
  });
  await pipeline(contents, sink, signal === undefined ? {} : { signal });
  return checksum;
}
