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
  readonly claimedCrc32?: number;
  readonly claimedOffset?: number;
  /** Compression method as the archive claims it. Default: the one that is used. */
  readonly claimedMethod?: number;
  /** Further bits of the general purpose flag: 1 is encrypted. */
  readonly flags?: number;
}

const UTF8_NAMES = 1 << 11;
const MADE_BY_UNIX = (3 << 8) | 63;

/** Makes a zip byte by byte, so that it can say what no library would write. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = rawEntry(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function rawEntry(entry: RawEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name);
  const content = Buffer.from(entry.content ?? '');
  const data = entry.isDeflated === true ? deflateRawSync(content) : content;
  // Both headers share version, flags, method, time, date, checksum, sizes and the length of the name.
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(UTF8_NAMES | (entry.flags ?? 0), 2);
  shared.writeUInt16LE(entry.claimedMethod ?? (entry.isDeflated === true ? 8 : 0), 4);
  shared.writeUInt32LE(entry.claimedCrc32 ?? crc32(content), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(entry.claimedSizeBytes ?? content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), shared, name, data]);
  const head = Buffer.from([0x50, 0x4b, 1, 2, MADE_BY_UNIX & 0xff, MADE_BY_UNIX >> 8]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
  tail.writeUInt32LE(entry.claimedOffset ?? offset, 10);
  return { local, central: Buffer.concat([head, shared, tail, name]) };
}
