/** A piece of a stream that fits into memory. */
export interface Chunk {
  /** Valid until the chunk after the next one is asked for. */
  readonly bytes: Buffer;
  /** Where it stands in the stream. */
  readonly offset: number;
  /** True for the last chunk, which alone may be shorter (and is empty when the stream is). */
  readonly isLast: boolean;
}

/**
 * Cuts a stream into chunks of `sizeBytes`. Two buffers take turns, so that one can be sent while the other fills;
 * nothing else is kept.
 */
export async function* chunksOf(source: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Chunk> {
  const buffers = [Buffer.allocUnsafeSlow(sizeBytes)];
  let [bytes] = buffers as [Buffer];
  let filled = 0;
  let offset = 0;
  for await (let piece of source) {
    while (piece.length > 0) {
      if (filled === sizeBytes) {
        yield { bytes, offset, isLast: false };
        offset += filled;
        filled = 0;
        if (buffers.length < 2) buffers.push(Buffer.allocUnsafeSlow(sizeBytes));
        bytes = (bytes === buffers[0] ? buffers[1] : buffers[0]) as Buffer;
      }
      const part = piece.subarray(0, sizeBytes - filled);
      bytes.set(part, filled);
      filled += part.length;
      piece = piece.subarray(part.length);
    }
  }
  yield { bytes: bytes.subarray(0, filled), offset, isLast: true };
}
