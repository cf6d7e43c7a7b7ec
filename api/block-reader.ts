import { RandomAccessReader } from 'yauzl';

/** Reads a part of a zip; it is asked for no byte that the zip does not have. */
export type ReadRange = (offset: number, lengthBytes: number) => Promise<Buffer>;

/** What is read at one time: thousands of entries. */
const BLOCK_BYTES = 1024 * 1024;
/** A structure may stand across the edge of two blocks. */
const MAX_BLOCKS = 2;

/** Reads by blocks, so that a directory takes few requests. */
export class BlockReader extends RandomAccessReader {
  readonly sizeBytes: number;
  readonly #readRange: ReadRange;
  readonly #blocks = new Map<number, Promise<Buffer>>();
  /** Why a part could not be read; not the zip's fault. */
  failure: Error | undefined;

  constructor(sizeBytes: number, readRange: ReadRange) {
    super();
    this.sizeBytes = sizeBytes;
    this.#readRange = readRange;
  }

  override read(
    target: Buffer,
    targetOffset: number,
    lengthBytes: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (position + lengthBytes > this.sizeBytes) return callback(new Error('it ends too early'));
    this.#copy(target, targetOffset, lengthBytes, position).then(
      () => callback(null),
      (error: unknown) => {
        this.failure = error instanceof Error ? error : new Error(String(error));
        callback(this.failure);
      },
    );
  }

  async #copy(target: Buffer, targetOffset: number, lengthBytes: number, position: number): Promise<void> {
    for (let copied = 0; copied < lengthBytes;) {
      const at = position + copied;
      const block = await this.#block(Math.floor(at / BLOCK_BYTES));
      const start = at % BLOCK_BYTES;
      copied += block.copy(target, targetOffset + copied, start, Math.min(block.length, start + lengthBytes - copied));
    }
  }

  #block(index: number): Promise<Buffer> {
    const known = this.#blocks.get(index);
    if (known !== undefined) return known;
    const offset = index * BLOCK_BYTES;
    const block = this.#readRange(offset, Math.min(BLOCK_BYTES, this.sizeBytes - offset));
    this.#blocks.set(index, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }
}
