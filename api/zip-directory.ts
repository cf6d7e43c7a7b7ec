/** A look at every entry that a zip lists, before the job is taken. */
import { createTwiceCheck } from '../transfer/entry-rules.ts';
import { isZipFault, lookIntoZip } from '../transfer/zip-directory.ts';
import type { ZipListing } from '../transfer/zip-directory.ts';
import { BlockReader } from './block-reader.ts';
import type { ReadRange } from './block-reader.ts';
import type { ApiSettings } from './deps.ts';

export type { ReadRange } from './block-reader.ts';

/** So many entries take 8 MiB to see whether they overlap; in a larger zip the unpacking finds it. */
const MAX_EXTENTS = 500_000;

/** Most that may come out of a zip. */
export type ZipLimits = Partial<Pick<ApiSettings, 'maxFiles' | 'maxInputUnpackedBytes'>>;

/**
 * What makes a zip of `sizeBytes` unusable, naming the entry if there is one to blame; undefined when nothing does.
 * Holds two blocks of the directory, for its check of names that occur twice at most 32 MiB, and for entries that overlap
 * at most 8 MiB. Rejects with what `readRange` rejects with.
 */
export async function zipDirectoryFault(
  sizeBytes: number,
  readRange: ReadRange,
  limits: ZipLimits = {},
): Promise<string | undefined> {
  const reader = new BlockReader(sizeBytes, readRange);
  const maxEntries = limits.maxFiles ?? Infinity;
  const look = await lookIntoZip(reader, { inspect: createTwiceCheck(), maxExtents: MAX_EXTENTS, maxEntries });
  if (!isZipFault(look)) return excessIn(look, limits);
  return `${look.of === 'entry' ? 'Cannot be unpacked' : 'Is not a whole zip file'}: ${look.fault}`;
}

/** The fault of a zip in memory. */
export async function zipFault(zip: Buffer, limits?: ZipLimits): Promise<string | undefined> {
  const readRange: ReadRange = (offset, lengthBytes) => Promise.resolve(zip.subarray(offset, offset + lengthBytes));
  return await zipDirectoryFault(zip.length, readRange, limits);
}

/** By what the zip says; what comes out of it is counted when it is unpacked. */
function excessIn(
  { entries, sizeBytes }: ZipListing,
  { maxFiles = Infinity, maxInputUnpackedBytes = Infinity }: ZipLimits,
): string | undefined {
  if (entries > maxFiles) return `Must have at most ${maxFiles} files and folders`;
  return sizeBytes > maxInputUnpackedBytes ? `Must have at most ${maxInputUnpackedBytes} bytes unpacked` : undefined;
}
