import { fstatSync, readSync } from 'node:fs';
import { RandomAccessReader } from 'yauzl';

/**
 * Reads from an open file without waiting: of many small reads none leaves a promise or a buffer behind, which add up to more than this
 * program has. What lies beyond the end of the file is an error like any other, wherever it lies.
 */
export class FileReader extends RandomAccessReader {
  readonly #fd: number;
  readonly sizeBytes: number;

  constructor(fd: number) {
    super();
    this.#fd = fd;
    this.sizeBytes = fstatSync(fd).size;
  }

  override read(
    target: Buffer,
    targetOffset: number,
    lengthBytes: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const isInside = position + lengthBytes <= this.sizeBytes;
    const bytesRead = isInside ? readSync(this.#fd, target, targetOffset, lengthBytes, position) : 0;
    callback(bytesRead < lengthBytes ? new Error('it ends too early') : null);
  }
}
