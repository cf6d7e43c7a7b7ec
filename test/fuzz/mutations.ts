/** Ways to change the bytes of a zip so that a part of it still makes sense; pure functions, and the draws of them. */
import fc from 'fast-check';

/** A place in a zip: a part of its length, or so many bytes behind one of its signatures. */
type Place = { readonly part: number } | { readonly signature: number; readonly behind: number };

/** One change. Places and lengths are parts of what is there, so that each fits any zip. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: Place; readonly bit: number }
  | { readonly kind: 'number'; readonly at: Place; readonly bytes: 1 | 2 | 4 | 8; readonly value: bigint }
  | { readonly kind: 'cut'; readonly at: Place; readonly lengthBytes: number }
  | { readonly kind: 'truncate'; readonly part: number }
  | {
      readonly kind: 'paste';
      readonly other: number;
      readonly from: Place;
      readonly lengthBytes: number;
      readonly at: Place;
    }
  | { readonly kind: 'record'; readonly other: number; readonly record: number; readonly isCounted: boolean };

const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const place: fc.Arbitrary<Place> = fc.oneof(fc.record({ part }), {
  arbitrary: fc.record({ signature: fc.nat(40), behind: fc.nat(60) }),
  weight: 3,
});
const lengthBytes = fc.oneof(fc.nat(8), fc.nat(200));
const value = fc.oneof(
  fc.constantFrom(0n, 1n, 0x7fn, 0xffn, 0xffffn, 0x7fff_ffffn, 0xffff_ffffn, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt(0n, 300n),
);

/** Draws a change. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip'), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('number'), at: place, bytes: fc.constantFrom(1, 2, 4, 8), value }),
  fc.record({ kind: fc.constant('cut'), at: place, lengthBytes }),
  fc.record({ kind: fc.constant('truncate'), part }),
  fc.record({ kind: fc.constant('paste'), other: fc.nat(1000), from: place, lengthBytes, at: place }),
  fc.record({ kind: fc.constant('record'), other: fc.nat(1000), record: fc.nat(10), isCounted: fc.boolean() }),
);

/** `zip` after a change, in a new buffer; `others` are what it may take parts from. */
export function mutated(zip: Buffer, change: Mutation, others: readonly Buffer[]): Buffer {
  switch (change.kind) {
    case 'flip':
      return withByte(zip, offsetOf(zip, change.at), (byte) => byte ^ (1 << change.bit));
    case 'number':
      return withNumber(zip, offsetOf(zip, change.at), change.bytes, change.value);
    case 'cut':
      return spliced(zip, offsetOf(zip, change.at), change.lengthBytes, Buffer.alloc(0));
    case 'truncate':
      return zip.subarray(0, Math.floor(change.part * zip.length));
    case 'paste':
      return pasted(zip, change, others);
    case 'record':
      return withRecord(zip, change, others);
  }
}

const SIGNATURES = [0x0304, 0x0102, 0x0506, 0x0606, 0x0706].map((kind) => {
  return Buffer.from([0x50, 0x4b, kind & 0xff, kind >> 8]);
});

function offsetOf(zip: Buffer, at: Place): number {
  if ('part' in at) return Math.floor(at.part * zip.length);
  const starts = SIGNATURES.flatMap((signature) => occurrences(zip, signature));
  return starts.length === 0 ? 0 : (starts[at.signature % starts.length] ?? 0) + at.behind;
}

function occurrences(zip: Buffer, signature: Buffer): number[] {
  const found: number[] = [];
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 1)) found.push(at);
  return found;
}

function withByte(zip: Buffer, at: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(zip);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function withNumber(zip: Buffer, at: number, bytes: number, value: bigint): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt.asUintN(64, value));
  return spliced(zip, at, bytes, number.subarray(0, bytes));
}

function spliced(zip: Buffer, at: number, removedBytes: number, added: Buffer): Buffer {
  return Buffer.concat([zip.subarray(0, at), added, zip.subarray(at + removedBytes)]);
}

function pasted(zip: Buffer, change: Extract<Mutation, { kind: 'paste' }>, others: readonly Buffer[]): Buffer {
  const other = others[change.other % others.length] ?? zip;
  const from = offsetOf(other, change.from);
  return spliced(zip, offsetOf(zip, change.at), 0, other.subarray(from, from + change.lengthBytes));
}

const [, RECORD = Buffer.alloc(0), END = Buffer.alloc(0)] = SIGNATURES;

/** Another zip's record at the end of the directory, whose size is right then, and its count if that is said. */
function withRecord(zip: Buffer, change: Extract<Mutation, { kind: 'record' }>, others: readonly Buffer[]): Buffer {
  const record = recordOf(others[change.other % others.length] ?? zip, change.record);
  const end = zip.lastIndexOf(END);
  if (end < 0 || end + 16 > zip.length) return zip;
  const copy = Buffer.from(zip);
  const more = change.isCounted ? 1 : 0;
  for (const at of [end + 8, end + 10]) copy.writeUInt16LE((copy.readUInt16LE(at) + more) & 0xffff, at);
  copy.writeUInt32LE((copy.readUInt32LE(end + 12) + record.length) >>> 0, end + 12);
  return spliced(copy, end, 0, record);
}

function recordOf(zip: Buffer, index: number): Buffer {
  const starts = occurrences(zip, RECORD);
  const start = starts[index % starts.length];
  if (start === undefined || start + 46 > zip.length) return Buffer.alloc(0);
  const more = [28, 30, 32].reduce((sum, field) => sum + zip.readUInt16LE(start + field), 0);
  return zip.subarray(start, start + 46 + more);
}
