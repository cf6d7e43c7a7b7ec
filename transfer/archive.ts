import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { FileReader } from './file-reader.ts';
import type { ZipReader } from './open-zip.ts';

/** What is unpacked. */
export interface Archive {
  /** Reads its end and its directory, twice. */
  readonly directory: ZipReader;
  /** What its entries are taken from. With `isInOrder` they are asked for in the order in which they stand in the archive. */
  contents(isInOrder: boolean): Promise<Contents>;
}

/** Where the bytes of an archive's entries come from. That it ends too early is the archive's fault, an error without a reason. */
export interface Contents {
  /** So many bytes from `position` on, in one buffer. */
  read(position: number, lengthBytes: number): Promise<Buffer>;
  /** The same piece by piece, each in a buffer that is left to whoever takes it. */
  pieces(position: number, lengthBytes: number): AsyncIterable<Buffer>;
}

/** What is read at one time of a large entry. */
const PIECE_BYTES = 64 * 1024;

/** The archive that an open file holds. */
export function fileArchive(fd: number, signal?: AbortSignal): Archive {
  return { directory: new FileReader(fd), contents: () => Promise.resolve(fileContents(fd, signal)) };
}

/** Reads an open file in any order, and leaves nothing to other threads: each handing over costs more than the copying does. */
function fileContents(fd: number, signal?: AbortSignal): Contents {
  return {
    read: (position, lengthBytes) => Promise.resolve().then(() => readAll(fd, position, lengthBytes)),
    async *pieces(position, lengthBytes) {
      for (let done = 0; done < lengthBytes; done += PIECE_BYTES) {
        // Nobody could stop us otherwise.
        await setImmediate(undefined, { signal });
        yield readAll(fd, position + done, Math.min(PIECE_BYTES, lengthBytes - done));
      }
    },
  };
}

function readAll(fd: number, position: number, lengthBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes);
  if (readSync(fd, bytes, 0, lengthBytes, position) < lengthBytes) throw endsTooEarly();
  return bytes;
}

/** What is said of an archive that has fewer bytes than it says. */
export function endsTooEarly(): Error {
  return new Error('it ends too early');
}
