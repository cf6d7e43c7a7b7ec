/** Content that does not shrink, in the form that deflate has for it: blocks that are stored, each behind its length (RFC 1951, 3.2.4). */
import { readSync } from 'node:fs';

/** The longest that there is. */
const BLOCK_BYTES = 0xffff;
const HEADER_BYTES = 5;

/** So many blocks are read at one time: a quarter of a MiB. */
const BLOCKS_AT_ONCE = 4;

/** An empty block that says it is the last one. */
export const LAST_BLOCK: Buffer = Buffer.from([1, 0, 0, 0xff, 0xff]);

/** What was read of a file. */
export interface StoredBlocks {
  /** The blocks. */
  readonly bytes: Buffer;
  /** What is stored in each of them. */
  readonly contents: readonly Buffer[];
}

/** Reads the next blocks of a file from `position` on, without a copy and without other threads; none at its end. */
export function readStoredBlocks(fd: number, position: number): StoredBlocks {
  const bytes = Buffer.allocUnsafeSlow(BLOCKS_AT_ONCE * (HEADER_BYTES + BLOCK_BYTES));
  const contents: Buffer[] = [];
  let [length, at] = [0, position];
  while (contents.length < BLOCKS_AT_ONCE) {
    const start = length + HEADER_BYTES;
    const content = readFully(fd, bytes.subarray(start, start + BLOCK_BYTES), at);
    if (content.length === 0) break;
    writeHeader(bytes, length, content.length);
    contents.push(content);
    [length, at] = [start + content.length, at + content.length];
  }
  return { bytes: bytes.subarray(0, length), contents };
}

/** A read may come back with less than there is; the same content has to give the same blocks. */
function readFully(fd: number, target: Buffer, position: number): Buffer {
  let length = 0;
  while (length < target.length) {
    const bytesRead = readSync(fd, target, length, target.length - length, position + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return target.subarray(0, length);
}

function writeHeader(bytes: Buffer, offset: number, lengthBytes: number): void {
  bytes.writeUInt8(0, offset);
  bytes.writeUInt16LE(lengthBytes, offset + 1);
  bytes.writeUInt16LE(0xffff ^ lengthBytes, offset + 3);
}
