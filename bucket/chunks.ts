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
 * nothing else is kept. The first grows with what comes. Both are freed when something is asked for after the last chunk: until then
 * somebody may still be sending them.
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
  free(bytes);
  if (other !== undefined) free(other);
}

/**
 * The same pieces, of which each that has been read is freed as soon as the next one comes from other memory. For those of a request that
 * nobody else keeps: V8 would let up to 32 MiB of them be until it collects, whatever its flags say.
 */
export async function* freeing(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let read: Uint8Array | undefined;
  for await (const piece of source) {
    if (read !== undefined && read.buffer !== piece.buffer && !mayBePooled(read)) free(read);
    read = piece;
    yield piece;
  }
}

/** Small buffers of many owners are cut out of one: https://nodejs.org/api/buffer.html#static-method-bufferallocunsafesize */
function mayBePooled({ byteLength }: Uint8Array): boolean {
  return byteLength < Buffer.poolSize >>> 1;
}

function free({ buffer }: Uint8Array): void {
  (buffer as ArrayBuffer).transfer(0);
}

/** With room for `moreBytes`, or for as many again. */
function grown(bytes: Buffer, moreBytes: number, mostBytes: number): Buffer {
  const sizeBytes = Math.min(mostBytes, bytes.length + Math.max(bytes.length, moreBytes));
  return Buffer.from((bytes.buffer as ArrayBuffer).transfer(sizeBytes));
}
