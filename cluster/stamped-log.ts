/**
 * Logs with the node's time before each line, as `timestamps=true` gives them: `2026-11-24T18:31:11.123456789Z text`. By its time and
 * text a line is known again, so that a log can be gone on with where it was left.
 * @see https://kubernetes.io/docs/concepts/cluster-administration/logging/
 */

const NEWLINE = 0x0a;
const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`;
const STAMPED_LINE = new RegExp(`^(${STAMP}) `);
const STAMPS = new RegExp(`(^|\n)${STAMP} `, 'g');

/**
 * What a kubelet appends when the runtime has removed the container meanwhile, and be it to a last line without an end; after it comes
 * the ID of the container.
 * @see https://github.com/kubernetes/cri-client/blob/master/pkg/logs/logs.go (`isContainerRunning`)
 */
const REMOVED = 'rpc error: code = NotFound desc = ';
const CONTAINER_ID = /"[0-9a-f]{64}"/;

/** A last line that is missing for so long in the node's time is not there any more: the log was rotated. */
const SEEK_MS = 2_000;

/** A line without an end that is longer than this is passed on in pieces. */
const MAX_LINE_BYTES = 1024 ** 2;

/** The second in which a stamped line was written, as the API server takes it for `sinceTime`. */
export function secondOf(line: string): string | undefined {
  const stamp = STAMPED_LINE.exec(line)?.[1];
  return stamp && `${new Date(stamp).toISOString().slice(0, 19)}Z`;
}

/** The last line of a piece of whole lines, with its end. */
export function lastLineOf(piece: Buffer): string {
  const end = piece.at(-1) === NEWLINE ? piece.length - 1 : piece.length;
  return piece.subarray(piece.lastIndexOf(NEWLINE, end - 1) + 1).toString('latin1');
}

/** Gathers bytes into pieces of whole lines; the last piece ends where the bytes do. */
export async function* wholeLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = joined(rest, chunk);
    const end = all.lastIndexOf(NEWLINE) + 1 || (all.length > MAX_LINE_BYTES ? all.length : 0);
    if (end > 0) yield all.subarray(0, end);
    rest = all.subarray(end);
  }
  if (rest.length > 0) yield rest;
}

/** A piece of memory of its own: thousands of logs are followed, and what is held of each must not hold a pool of Node's. */
function joined(rest: Uint8Array, chunk: Uint8Array): Buffer {
  const all = Buffer.alloc(rest.length + chunk.length);
  all.set(rest);
  all.set(chunk, rest.length);
  return all;
}

/**
 * Leaves out everything up to and with `lastLine`, of pieces of whole lines that begin a little before it. When it is not there any
 * more, what is newer than it comes through. What the node says itself at the end is not passed on: `onNodeWord` is told of it.
 */
export async function* resumeAfter(
  pieces: AsyncIterable<Buffer>,
  lastLine: string | undefined,
  onNodeWord: (word: string) => void = () => undefined,
): AsyncGenerator<Buffer> {
  let seek = lastLine === undefined ? undefined : createSeek(lastLine);
  let isNewLine = true;
  let word = '';
  for await (const piece of pieces) {
    const ownBytes = isNewLine ? ownLengthOf(piece) : piece.length;
    word = piece.toString('utf8', ownBytes);
    isNewLine = piece.at(-1) === NEWLINE;
    const own = piece.subarray(0, ownBytes);
    const found = seek ? seek(own) : own;
    if (found) seek = undefined;
    if (found?.length) yield found;
  }
  const newer = seek?.();
  if (newer?.length) yield newer;
  if (word !== '') onNodeWord(word);
}

/**
 * How many bytes of a piece the container said. A kubelet that cannot read on puts its error where the log would go on, without a stamp
 * and without an end of line, which no container can do.
 */
function ownLengthOf(piece: Buffer): number {
  if (piece.at(-1) === NEWLINE) return piece.length;
  const text = piece.toString('latin1');
  if (!STAMPED_LINE.test(text)) return 0;
  const wordStart = text.lastIndexOf(REMOVED);
  return wordStart >= 0 && CONTAINER_ID.test(text.slice(wordStart)) ? wordStart : piece.length;
}

/** Takes piece after piece; once it is found, answers what comes after it. Called without a piece it gives up. */
function createSeek(lastLine: string): (piece?: Buffer) => Buffer | undefined {
  const lastMs = timeOf(lastLine);
  let newer = '';
  return (piece) => {
    if (!piece) return Buffer.from(newer, 'latin1');
    const lines = piece.toString('latin1').split(/(?<=\n)/);
    for (const [index, line] of lines.entries()) {
      if (line === lastLine) return Buffer.from(lines.slice(index + 1).join(''), 'latin1');
      if (timeOf(line) > lastMs || (newer !== '' && !STAMPED_LINE.test(line))) newer += line;
      if (timeOf(line) > lastMs + SEEK_MS) return Buffer.from(newer + lines.slice(index + 1).join(''), 'latin1');
    }
    return undefined;
  };
}

/** Milliseconds and their fraction; -Infinity for a line without a stamp. */
function timeOf(line: string): number {
  const stamp = STAMPED_LINE.exec(line)?.[1];
  if (stamp === undefined) return -Infinity;
  const fraction = /\.\d{3}(\d+)/.exec(stamp)?.[1] ?? '0';
  return new Date(stamp).getTime() + Number(`0.${fraction}`);
}

/** Takes the stamps out of pieces of whole lines, and nothing else. */
export function unstamp(piece: Buffer): Buffer {
  return Buffer.from(piece.toString('latin1').replaceAll(STAMPS, '$1'), 'latin1');
}
