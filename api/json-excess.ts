/** A look at JSON before it is parsed: what a parser makes of a few bytes takes a hundred times their size. */

/** Levels of lists and objects. A job has five. */
const MAX_DEPTH = 32;
/** Values within the outermost one. */
const MAX_VALUES = 10_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What is too much of a text in JSON, as a sentence; undefined for any other text, whether or not it is JSON. */
export function jsonExcess(bytes: Uint8Array): string | undefined {
  let [depth, values] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
    if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    if (byte === OPEN_LIST || byte === OPEN_OBJECT || byte === COMMA) values++;
    if (depth > MAX_DEPTH) return `The request is nested deeper than ${MAX_DEPTH} levels.`;
    if (values > MAX_VALUES) return `The request has more than ${MAX_VALUES} values.`;
  }
  return undefined;
}

/** Where the text ends that begins at `start`. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
