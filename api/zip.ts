/** A cheap look at a zip's two ends: enough to refuse what can never be unpacked. The thorough look is the job's. */
import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const END_RECORD_BYTES = 22;
const CENTRAL_HEADER_BYTES = 46;
/** The end record stands within the last 22 bytes and a comment of at most 65,535. */
const TAIL_BYTES = END_RECORD_BYTES + 0xffff;
const HEAD_BYTES = 8;
const ENCRYPTED_FLAG = 1;

const NO_ZIP = 'Is not a zip file';
const NO_END = 'Is not a whole zip file: its end is missing';
const ENCRYPTED = 'Is an encrypted zip file, which cannot be unpacked';

/** What makes a zip unusable, or undefined. */
export function zipFault(zip: Buffer): string | undefined {
  return faultOf(zip.subarray(0, HEAD_BYTES), zip.subarray(-TAIL_BYTES), zip.length);
}

/**
 * Passes a zip on unchanged, and fails at its end with `refuse(fault)` when it is unusable.
 * Fails at once when the first bytes are not those of a zip.
 */
export function createZipGate(refuse: (fault: string) => Error): Transform {
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      sizeBytes += chunk.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
      tail = tailOf(tail, chunk);
      const fault = head.length === HEAD_BYTES ? headFault(head) : undefined;
      if (fault === undefined) done(null, chunk);
      else done(refuse(fault));
    },
    flush(done: TransformCallback) {
      const fault = faultOf(head, tail, sizeBytes);
      if (fault === undefined) done();
      else done(refuse(fault));
    },
  });
}

function tailOf(tail: Buffer, chunk: Buffer): Buffer {
  if (chunk.length >= TAIL_BYTES) return Buffer.from(chunk.subarray(-TAIL_BYTES));
  return Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
}

function faultOf(head: Buffer, tail: Buffer, sizeBytes: number): string | undefined {
  return headFault(head) ?? tailFault(tail, sizeBytes);
}

function headFault(head: Buffer): string | undefined {
  const signature = head.length >= 4 ? head.readUInt32LE(0) : 0;
  if (signature === END_RECORD) return undefined;
  if (signature !== LOCAL_HEADER) return NO_ZIP;
  return head.length === HEAD_BYTES && isEncrypted(head.readUInt16LE(6)) ? ENCRYPTED : undefined;
}

function tailFault(tail: Buffer, sizeBytes: number): string | undefined {
  const end = findEnd(tail);
  if (end === undefined) return NO_END;
  const directoryStart = tail.readUInt32LE(end + 16) - (sizeBytes - tail.length);
  return centralFlags(tail, directoryStart, end).some(isEncrypted) ? ENCRYPTED : undefined;
}

/** Where the end record starts: the last one whose comment ends where the file ends. */
function findEnd(tail: Buffer): number | undefined {
  for (let at = tail.length - END_RECORD_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END_RECORD && at + END_RECORD_BYTES + tail.readUInt16LE(at + 20) === tail.length) {
      return at;
    }
  }
  return undefined;
}

/** Flags of the entries in the central directory, as far as it stands within the tail. */
function centralFlags(tail: Buffer, start: number, end: number): number[] {
  const flags: number[] = [];
  let at = start;
  while (at >= 0 && at + CENTRAL_HEADER_BYTES <= end && tail.readUInt32LE(at) === CENTRAL_HEADER) {
    flags.push(tail.readUInt16LE(at + 8));
    at += CENTRAL_HEADER_BYTES + tail.readUInt16LE(at + 28) + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32);
  }
  return flags;
}

function isEncrypted(flags: number): boolean {
  return (flags & ENCRYPTED_FLAG) !== 0;
}
