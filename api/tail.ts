import { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/** Most bytes that {@link lastLines} holds in memory, and gives. */
export const MAX_TAIL_BYTES = 1024 ** 2;

/** The last `count` lines of a log, with their ends, of its last mebibyte; a last line without an end counts. */
export function lastLines(log: Readable, count: number): Readable {
  return Readable.from(tail(log, count), { objectMode: false });
}

async function* tail(log: Readable, count: number): AsyncGenerator<Buffer> {
  const ring = createRing(MAX_TAIL_BYTES);
  for await (const chunk of log as AsyncIterable<Buffer>) ring.add(chunk);
  const bytes = ring.bytes();
  const lines = bytes.subarray(startOfLastLines(bytes, count));
  if (lines.length > 0) yield lines;
}

function startOfLastLines(bytes: Buffer, count: number): number {
  if (count === 0) return bytes.length;
  // A newline at the very end belongs to the last line.
  let newline = bytes.length - 1;
  for (let line = 0; line < count && newline >= 0; line++)
    newline = newline === 0 ? -1 : bytes.lastIndexOf(NEWLINE, newline - 1);
  return newline + 1;
}

/** The last bytes of what is added. */
interface Ring {
  add(chunk: Buffer): void;
  bytes(): Buffer;
}

function createRing(sizeBytes: number): Ring {
  const ring = Buffer.allocUnsafe(sizeBytes);
  let [end, isFull] = [0, false];
  return {
    add(chunk) {
      const last = chunk.subarray(-sizeBytes);
      const copied = last.copy(ring, end);
      last.copy(ring, 0, copied);
      isFull ||= end + last.length >= sizeBytes;
      end = (end + last.length) % sizeBytes;
    },
    bytes: () => (isFull ? Buffer.concat([ring.subarray(end), ring.subarray(0, end)]) : ring.subarray(0, end)),
  };
}

/** A log without its first bytes. */
export function withoutFirst(log: Readable, sizeBytes: number): Readable {
  return sizeBytes === 0 ? log : Readable.from(skip(log, sizeBytes), { objectMode: false });
}

async function* skip(log: Readable, sizeBytes: number): AsyncGenerator<Buffer> {
  let leftBytes = sizeBytes;
  for await (const chunk of log as AsyncIterable<Buffer>) {
    if (leftBytes < chunk.length) yield chunk.subarray(leftBytes);
    leftBytes = Math.max(0, leftBytes - chunk.length);
  }
}
