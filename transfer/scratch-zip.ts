import { readSync, writeSync } from 'node:fs';
import { toTransferError } from './errors.ts';
import type { TransferError } from './errors.ts';
import { FileReader } from './file-reader.ts';

/** Fetches the bytes of the archive from `start` up to, and not with, `end`. */
export type FetchPart = (start: number, end: number) => AsyncIterable<Buffer>;

/**
 * The end of an archive, in a file that has its size: each byte at its place, and a hole in front. What is read in the hole is fetched
 * first, with all that is between, so that a whole directory comes by one request.
 */
export class ScratchZip extends FileReader {
  readonly #fd: number;
  readonly #fetch: FetchPart;
  #heldFrom: number;
  failure: TransferError | undefined;

  /** `fd` is a file of the size of the archive, to be read and written; nothing of it is held yet. */
  constructor(fd: number, fetch: FetchPart) {
    super(fd);
    this.#fd = fd;
    this.#fetch = fetch;
    this.#heldFrom = this.sizeBytes;
  }

  /** Fetches what is missing from `start` on. Rejects with `InputUnavailable`, or `DiskFull`. */
  async hold(start: number): Promise<void> {
    let position = start;
    try {
      for await (const chunk of this.#fetch(start, this.#heldFrom)) {
        writeAll(this.#fd, chunk, position);
        position += chunk.length;
      }
      this.#heldFrom = start;
    } catch (error) {
      throw toTransferError(error, 'InputUnavailable');
    }
  }

  override read(...[target, targetOffset, lengthBytes, position, callback]: Parameters<FileReader['read']>): void {
    const readHeld = () => super.read(target, targetOffset, lengthBytes, position, callback);
    if (position >= this.#heldFrom) return readHeld();
    this.hold(position).then(readHeld, (error: TransferError) => callback((this.failure = error)));
  }

  /** True when what is held of these bytes of the archive is the same. */
  agrees(chunk: Buffer, position: number): boolean {
    const start = Math.max(position, this.#heldFrom);
    const end = Math.min(position + chunk.length, this.sizeBytes);
    if (start >= end) return true;
    const held = Buffer.allocUnsafe(end - start);
    readSync(this.#fd, held, 0, held.length, start);
    return held.equals(chunk.subarray(start - position, end - position));
  }

  /** Writes what is not held of these bytes of the archive. */
  fill(chunk: Buffer, position: number): void {
    writeAll(this.#fd, chunk.subarray(0, Math.max(0, this.#heldFrom - position)), position);
  }
}

/** The system may write less than it is given. */
function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
