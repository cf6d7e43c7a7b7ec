import { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/** The last `count` lines of a log, with their ends; a last line without an end counts. Holds those lines in memory. */
export function lastLines(log: Readable, count: number): Readable {
  return Readable.from(tail(log, count), { objectMode: false });
}

async function* tail(log: Readable, count: number): AsyncGenerator<Buffer> {
  const lines: Buffer[] = [];
  let open: Buffer[] = [];
  for await (const chunk of log as AsyncIterable<Buffer>) {
    const pieces = splitLines(chunk);
    for (const piece of pieces) {
      open.push(piece);
      if (piece.at(-1) !== NEWLINE) continue;
      lines.push(Buffer.concat(open));
      open = [];
    }
    if (lines.length > 2 * count) lines.splice(0, lines.length - count);
  }
  if (open.length > 0) lines.push(Buffer.concat(open));
  if (count > 0) yield* lines.slice(-count);
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

/** Pieces that end with a newline, all but perhaps the last. */
function splitLines(chunk: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < chunk.length;) {
    const end = chunk.indexOf(NEWLINE, start) + 1 || chunk.length;
    pieces.push(chunk.subarray(start, end));
    start = end;
  }
  return pieces;
}
