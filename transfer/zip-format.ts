/** The records of a zip file, as APPNOTE 6.3 lays them out; pure functions. Names are UTF-8, modes are Unix modes. */

/** One file or folder in a zip. */
export interface ZipRecord {
  readonly name: Buffer;
  /** Unix mode with its type bits. */
  readonly mode: number;
  readonly mtime: Date;
  readonly isDeflated: boolean;
  /** True when checksum and sizes were not known before the content, and so follow it. */
  readonly isStreamed: boolean;
  readonly crc32: number;
  readonly compressedSizeBytes: number;
  readonly sizeBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
const FLAG_STREAMED = 1 << 3;
const FLAG_UTF8 = 1 << 11;

/** What stands before a content. With `isZip64` a content that follows may be longer than 4 GiB. */
export function localHeader(record: ZipRecord, isZip64: boolean): Buffer {
  const extra = Buffer.concat([timeField(record.mtime), ...(isZip64 ? [zip64Field([0, 0])] : [])]);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(0x04034b50);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(record.name.length, 0);
  lengths.writeUInt16LE(extra.length, 2);
  const sizes = isZip64 ? [0, MAX_32, MAX_32] : [record.crc32, record.compressedSizeBytes, record.sizeBytes];
  const known = record.isStreamed && !isZip64 ? [0, 0, 0] : sizes;
  return Buffer.concat([header, common(record, isZip64, known), lengths, record.name, extra]);
}

/** What follows a streamed content. */
export function dataDescriptor(record: ZipRecord, isZip64: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x08074b50, 0);
  head.writeUInt32LE(record.crc32, 4);
  const sizes = [record.compressedSizeBytes, record.sizeBytes];
  return Buffer.concat([head, isZip64 ? uint64s(sizes) : uint32s(sizes)]);
}

/** The record's line in the directory at the end of the zip. */
export function directoryRecord(record: ZipRecord): Buffer {
  const large = [record.sizeBytes, record.compressedSizeBytes, record.offset].filter((value) => value >= MAX_32);
  const isZip64 = large.length > 0;
  const extra = Buffer.concat([timeField(record.mtime), ...(isZip64 ? [zip64Field(large)] : [])]);
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 4);
  const tail = Buffer.alloc(18);
  tail.writeUInt16LE(record.name.length, 0);
  tail.writeUInt16LE(extra.length, 2);
  tail.writeUInt32LE((record.mode << 16) >>> 0, 10);
  tail.writeUInt32LE(Math.min(record.offset, MAX_32), 14);
  const sizes = [record.crc32, Math.min(record.compressedSizeBytes, MAX_32), Math.min(record.sizeBytes, MAX_32)];
  return Buffer.concat([head, common(record, isZip64, sizes), tail, record.name, extra]);
}

/** Where the directory is. */
export interface Directory {
  readonly entries: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

/** The end of a zip, with its ZIP64 forms when a number needs them. */
export function endOfZip({ entries, sizeBytes, offset }: Directory): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (entries < MAX_16 && sizeBytes < MAX_32 && offset < MAX_32) return end;
  const record = Buffer.alloc(24);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeUInt32LE(44, 4);
  record.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
  record.writeUInt16LE(VERSION_ZIP64, 14);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + sizeBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, uint64s([entries, entries, sizeBytes, offset]), locator, end]);
}

/** What local header and directory record share: version, flags, method, time, checksum and sizes. */
function common(record: ZipRecord, isZip64: boolean, checksumAndSizes: readonly number[]): Buffer {
  const { time, date } = dosTime(record.mtime);
  const fields = Buffer.alloc(10);
  fields.writeUInt16LE(isZip64 ? VERSION_ZIP64 : VERSION, 0);
  fields.writeUInt16LE(FLAG_UTF8 | (record.isStreamed ? FLAG_STREAMED : 0), 2);
  fields.writeUInt16LE(record.isDeflated ? 8 : 0, 4);
  fields.writeUInt16LE(time, 6);
  fields.writeUInt16LE(date, 8);
  return Buffer.concat([fields, uint32s(checksumAndSizes)]);
}

/** The time of last change in seconds since 1970, as Info-ZIP writes it. */
function timeField(mtime: Date): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(Math.max(-0x8000_0000, Math.min(0x7fff_ffff, Math.floor(mtime.getTime() / 1000))), 5);
  return field;
}

function zip64Field(values: readonly number[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(1, 0);
  head.writeUInt16LE(8 * values.length, 2);
  return Buffer.concat([head, uint64s(values)]);
}

/** In UTC, so that the same tree makes the same zip everywhere; what is out of range becomes the nearest date. */
function dosTime(mtime: Date): { time: number; date: number } {
  const at = new Date(Math.max(Date.UTC(1980, 0, 1), Math.min(Date.UTC(2107, 11, 31, 23, 59, 58), mtime.getTime())));
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}

function uint32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

function uint64s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), 8 * index));
  return bytes;
}
