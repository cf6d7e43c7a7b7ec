/** A piece of a stream that fits into memory. */
export interface Chunk {
  /** Valid until the chunk after the next one is asked for. */
  readonly bytes: Buffer;
  /** Where it stands in the stream. */
  readonly offset: number;
  /** True for the last chunk, which alone may be shorter (and is empty when the stream is). */
  readonly isLast: boolean;
}

/** Most of what is written is small: a whole chunk for each would be what makes V8 collect garbage. */
const FIRST_BYTES = 16 * 1024;

/**
 * Cuts a stream into chunks of `sizeBytes`. Two buffers take turns, so that one can be sent while the other fills;
 * nothing else is kept. The first grows with what comes.
 */
export async function* chunksOf(source: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Chunk> {
  let bytes: Buffer = Buffer.allocUnsafeSlow(Math.min(FIRST_BYTES, sizeBytes));
  let other: Buffer | undefined;
  let filled = 0;
  let offset = 0;
  for await (let piece of source) {
    while (piece.length > 0) {
      if (filled === sizeBytes) {
        yield { bytes, offset, isLast: false };
        offset += filled;
        filled = 0;
        [bytes, other] = [other ?? Buffer.allocUnsafeSlow(sizeBytes), bytes];
      } else if (filled === bytes.length) bytes = grown(bytes, piece.length, sizeBytes);
      const part = piece.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      piece = piece.subarray(part.length);
    }
  }
  yield { bytes: bytes.subarray(0, filled), offset, isLast: true };
}

/** With room for `moreBytes`, or for as many again. */
function grown(bytes: Buffer, moreBytes: number, mostBytes: number): Buffer {
  const sizeBytes = Math.min(mostBytes, bytes.length + Math.max(bytes.length, moreBytes));
  return Buffer.from((bytes.buffer as ArrayBuffer).transfer(sizeBytes));
}
