/** A look at every entry that a zip lists, before the job is taken: no more of it is read than its end and its directory. */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { ZipFile } from 'yauzl';
import { createTwiceCheck, entryFault } from '../transfer/entry-rules.ts';

/** Reads a part of a zip; it is asked for no byte that the zip does not have. */
export type ReadRange = (offset: number, lengthBytes: number) => Promise<Buffer>;

/** What is read at one time: thousands of entries. */
const BLOCK_BYTES = 1024 * 1024;
/** A structure may stand across the edge of two blocks. */
const MAX_BLOCKS = 2;
/** Entries looked at in one go: some milliseconds. */
const ENTRIES_AT_ONCE = 1000;

/**
 * What makes a zip of `sizeBytes` unusable, naming the entry if there is one to blame; undefined when nothing does.
 * Holds two blocks of the directory, and for its check of names that occur twice at most 32 MiB.
 * Rejects with what `readRange` rejects with.
 */
export async function zipDirectoryFault(sizeBytes: number, readRange: ReadRange): Promise<string | undefined> {
  const reader = new BlockReader(sizeBytes, readRange);
  // Names and sizes are for our own rules, which name the entry.
  const options = { decodeStrings: false, validateEntrySizes: false };
  try {
    return await firstFault(await fromRandomAccessReaderPromise(reader, sizeBytes, options));
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure;
    return `Is not a whole zip file: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The fault of a zip in memory. */
export async function zipFault(zip: Buffer): Promise<string | undefined> {
  return await zipDirectoryFault(zip.length, (offset, lengthBytes) =>
    Promise.resolve(zip.subarray(offset, offset + lengthBytes)),
  );
}

async function firstFault(zip: ZipFile): Promise<string | undefined> {
  const twice = createTwiceCheck();
  for await (const entry of zip.eachEntry()) {
    const fault = entryFault(entry, zip.fileSize) ?? twice(entry);
    if (fault !== undefined) return refusalOf(fault);
    if (zip.entriesRead % ENTRIES_AT_ONCE === 0) await yieldToOthers();
  }
  return undefined;
}

function refusalOf(fault: string): string {
  return `Cannot be unpacked: ${fault}`;
}

/** Reads by blocks, so that a directory takes few requests. */
class BlockReader extends RandomAccessReader {
  readonly #sizeBytes: number;
  readonly #readRange: ReadRange;
  readonly #blocks = new Map<number, Promise<Buffer>>();
  /** Why a part could not be read; not the zip's fault. */
  failure: Error | undefined;

  constructor(sizeBytes: number, readRange: ReadRange) {
    super();
    this.#sizeBytes = sizeBytes;
    this.#readRange = readRange;
  }

  override read(
    target: Buffer,
    targetOffset: number,
    lengthBytes: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (position + lengthBytes > this.#sizeBytes) return callback(new Error('it ends too early'));
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
    const block = this.#readRange(offset, Math.min(BLOCK_BYTES, this.#sizeBytes - offset));
    this.#blocks.set(index, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }
}
