/** A look at every entry that a zip lists; no more of it is read than its end and its directory. */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Entry, ZipFile } from 'yauzl';
import { entryFault, LOCAL_HEADER_BYTES } from './entry-rules.ts';
import { createExtents } from './extents.ts';
import type { Extents } from './extents.ts';
import { openZip, readPart } from './open-zip.ts';
import type { ZipReader } from './open-zip.ts';

/** What a zip says of itself. */
export interface ZipListing {
  /** Entries, folders included. */
  readonly entries: number;
  /** Bytes of all entries, unpacked. */
  readonly sizeBytes: number;
  /** Where the entries and the directory lie; an entry may be longer, as its header alone tells how long that is. */
  readonly extents: Extents;
}

/** What makes a zip unusable, and whether it is an entry that it names. */
export interface ZipFault {
  readonly fault: string;
  readonly of: 'archive' | 'entry';
}

/** How to look. */
export interface LookOptions {
  /** A further rule for entries: what forbids to unpack one, naming it. */
  readonly inspect?: (entry: Entry) => string | undefined;
  /** A zip that says it has more entries is not walked through: its listing has nothing but their number. */
  readonly maxEntries?: number;
  readonly signal?: AbortSignal;
  /** True when symbolic links are allowed. */
  readonly allowsLinks?: boolean;
  /** With more entries than this nobody looks whether they overlap. Without it there is no limit. */
  readonly maxExtents?: number;
}

/** Entries looked at in one go: a millisecond. */
export const ENTRIES_AT_ONCE = 100;

/**
 * Lists a zip, or tells what makes it unusable by the rules of `entry-rules.ts`. Holds 16 bytes for each entry. Rejects with the failure
 * of the reader.
 */
export async function lookIntoZip(reader: ZipReader, options: LookOptions = {}): Promise<ZipListing | ZipFault> {
  try {
    return await list(await openZip(reader), reader, options);
  } catch (error) {
    if (reader.failure !== undefined) throw reader.failure;
    options.signal?.throwIfAborted();
    return ofArchive(error instanceof Error ? error.message : String(error));
  }
}

/** True when the zip is unusable. */
export function isZipFault(look: ZipListing | ZipFault): look is ZipFault {
  return 'fault' in look;
}

async function list(zip: ZipFile, reader: ZipReader, options: LookOptions): Promise<ZipListing | ZipFault> {
  const extents = createExtents(options.maxExtents);
  const directoryStart = cursorOf(zip);
  let sizeBytes = 0;
  if (zip.entryCount > (options.maxEntries ?? Infinity)) return { entries: zip.entryCount, sizeBytes, extents };
  for await (const entry of zip.eachEntry()) {
    const fault = entryFault(entry, zip.fileSize, options.allowsLinks) ?? options.inspect?.(entry);
    if (fault !== undefined) return { fault, of: 'entry' };
    addExtent(extents, entry);
    sizeBytes += entry.uncompressedSize;
    if (zip.entriesRead % ENTRIES_AT_ONCE === 0) await yieldToOthers();
    options.signal?.throwIfAborted();
  }
  extents.add(directoryStart, cursorOf(zip));
  if (await hasMore(zip, reader)) return ofArchive('its directory has more entries than its end says');
  const overlap = extents.overlap();
  if (overlap !== undefined) return ofArchive(`two of its parts overlap at byte ${overlap}`);
  return { entries: zip.entriesRead, sizeBytes, extents };
}

function ofArchive(fault: string): ZipFault {
  return { fault, of: 'archive' };
}

function addExtent(extents: Extents, entry: Entry): void {
  const { relativeOffsetOfLocalHeader: start, fileNameLength, compressedSize } = entry;
  extents.add(start, start + LOCAL_HEADER_BYTES + fileNameLength + compressedSize);
}

const DIRECTORY_RECORD = 0x02014b50;
const SIGNATURE_BYTES = 4;

/** A count that is too small would leave files out without a word. */
async function hasMore(zip: ZipFile, reader: ZipReader): Promise<boolean> {
  const at = cursorOf(zip);
  if (at + SIGNATURE_BYTES > zip.fileSize) return false;
  return (await readPart(reader, at, SIGNATURE_BYTES)).readUInt32LE(0) === DIRECTORY_RECORD;
}

/** Where the next record of the directory would stand: a number, whatever its declaration says. */
function cursorOf(zip: ZipFile): number {
  return Number(zip.readEntryCursor);
}
