import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a hand-made zip; what is not said is as it should be. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** Unix mode with its type bits. Default: a regular file, 0644. */
  readonly mode?: number;
  readonly isDeflated?: boolean;
  /** Sizes and checksum as the archive claims them. */
  readonly claimedSizeBytes?: number;
  readonly claimedPackedBytes?: number;
  readonly claimedCrc32?: number;
  readonly claimedOffset?: number;
  /** Compression method as the archive claims it. Default: the one that is used. */
  readonly claimedMethod?: number;
  /** Further bits of the general purpose flag: 1 is encrypted. */
  readonly flags?: number;
  /** False: nothing says in which code page the name is. */
  readonly saysUtf8?: boolean;
  /** Extra fields of the record in the directory. */
  readonly extra?: Buffer;
  /** Extra fields of the header in front of the content. */
  readonly localExtra?: Buffer;
  /** Listed, and nothing else: it has no bytes of its own. */
  readonly isListedOnly?: boolean;
}

/** What the end of a hand-made zip claims; what is not said is as it should be. */
export interface RawEnd {
  readonly entries?: number;
  readonly directoryOffset?: number;
  /** Between the directory and the end. */
  readonly before?: (directory: { readonly offset: number; readonly sizeBytes: number }) => Buffer;
}

const UTF8_NAMES = 1 << 11;
const MADE_BY_UNIX = (3 << 8) | 63;
const MAX_32 = 0xffff_ffff;

/** Makes a zip byte by byte, so that it can say what no library would write. */
export function rawZip(entries: readonly RawEntry[], claimed: RawEnd = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = rawEntry(entry, offset);
    centrals.push(central);
    if (entry.isListedOnly === true) continue;
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(claimed.entries ?? entries.length, 8);
  end.writeUInt16LE(claimed.entries ?? entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(claimed.directoryOffset ?? offset, 16);
  const before = claimed.before?.({ offset, sizeBytes: directory.length }) ?? Buffer.alloc(0);
  return Buffer.concat([...locals, directory, before, end]);
}

function rawEntry(entry: RawEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name);
  const content = Buffer.from(entry.content ?? '');
  const data = entry.isDeflated === true ? deflateRawSync(content) : content;
  const { extra = Buffer.alloc(0), localExtra = Buffer.alloc(0) } = entry;
  // Both headers share version, flags, method, time, date, checksum, sizes and the length of the name.
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE((entry.saysUtf8 === false ? 0 : UTF8_NAMES) | (entry.flags ?? 0), 2);
  shared.writeUInt16LE(entry.claimedMethod ?? (entry.isDeflated === true ? 8 : 0), 4);
  shared.writeUInt32LE(entry.claimedCrc32 ?? crc32(content), 10);
  shared.writeUInt32LE(entry.claimedPackedBytes ?? data.length, 14);
  shared.writeUInt32LE(entry.claimedSizeBytes ?? content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  shared.writeUInt16LE(localExtra.length, 24);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), shared, name, localExtra, data]);
  shared.writeUInt16LE(extra.length, 24);
  const head = Buffer.from([0x50, 0x4b, 1, 2, MADE_BY_UNIX & 0xff, MADE_BY_UNIX >> 8]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
  tail.writeUInt32LE(entry.claimedOffset ?? offset, 10);
  return { local, central: Buffer.concat([head, Buffer.from(shared), tail, name, extra]) };
}

/** An extra field. */
function extraField(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

/** The field that gives an entry another name, in UTF-8. */
export function unicodePath(name: string | Buffer, of: string | Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(1, 0);
  head.writeUInt32LE(crc32(of), 1);
  return extraField(0x7075, Buffer.concat([head, Buffer.from(name)]));
}

/** The field that has the numbers which are too large for 32 bits. */
export function zip64(...values: readonly (number | bigint)[]): Buffer {
  const data = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => data.writeBigUInt64LE(BigInt(value), 8 * index));
  return extraField(1, data);
}

/** An entry whose sizes and place stand in such a field; what is not said is as it should be. */
export function zip64Entry(
  entry: RawEntry,
  claimed: { readonly sizeBytes?: number; readonly packedBytes?: number; readonly offset?: number | bigint } = {},
): RawEntry {
  const content = Buffer.from(entry.content ?? '');
  const packedBytes = entry.isDeflated === true ? deflateRawSync(content).length : content.length;
  return {
    ...entry,
    claimedSizeBytes: MAX_32,
    claimedPackedBytes: MAX_32,
    claimedOffset: MAX_32,
    extra: zip64(claimed.sizeBytes ?? content.length, claimed.packedBytes ?? packedBytes, claimed.offset ?? 0),
  };
}

/** The two records in front of the end that have what is too large for it. */
export function zip64End(claimed: {
  readonly entries: number | bigint;
  readonly directory?: number | bigint;
  readonly record?: number | bigint;
  readonly disk?: number;
}): RawEnd {
  const before: RawEnd['before'] = ({ offset, sizeBytes }) => {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeUInt32LE(44, 4);
    record.writeUInt32LE(claimed.disk ?? 0, 16);
    record.writeBigUInt64LE(BigInt(claimed.entries), 24);
    record.writeBigUInt64LE(BigInt(claimed.entries), 32);
    record.writeBigUInt64LE(BigInt(sizeBytes), 40);
    record.writeBigUInt64LE(BigInt(claimed.directory ?? offset), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(claimed.record ?? offset + sizeBytes), 8);
    locator.writeUInt32LE(1, 16);
    return Buffer.concat([record, locator]);
  };
  return { entries: 0xffff, directoryOffset: MAX_32, before };
}
