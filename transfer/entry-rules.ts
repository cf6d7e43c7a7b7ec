/**
 * What an entry of an input zip must be. The API refuses a zip by these rules before it takes the job; the download goes by
 * them again, as it trusts nobody.
 */
import { constants } from 'node:fs';
import { getFileNameLowLevel } from 'yauzl';
import type { Entry } from 'yauzl';
import { entryPathFault, relativeEntryPath } from './entry-path.ts';

/** Bytes that a local header has at least, in front of an entry's data. */
const LOCAL_HEADER_BYTES = 30;

/**
 * What forbids to unpack an entry, naming it, or undefined: only plain files and folders inside the folder, neither encrypted
 * nor compressed in a way that we do not know, of sizes that can be true.
 * @param archiveBytes size of the whole zip
 */
export function entryFault(entry: Entry, archiveBytes: number): string | undefined {
  const name = entryNameOf(entry);
  const fault =
    entryPathFault(name) ??
    typeFault(entry, name) ??
    (entry.isEncrypted() ? 'is encrypted' : undefined) ??
    (entry.canDecodeFileData() ? undefined : 'is compressed in a way that we do not know') ??
    storedSizeFault(entry) ??
    (isOutside(entry, archiveBytes) ? 'lies outside of the archive' : undefined);
  return fault && `entry ${JSON.stringify(name)} ${fault}`;
}

/** The name as it stands in the archive; with `decodeStrings: false` the library leaves the check of it to us. */
export function entryNameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

/** The Unix mode with its type bits; 0 when the archive does not tell. */
export function entryModeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

function typeFault(entry: Entry, name: string): string | undefined {
  const type = entryModeOf(entry) & constants.S_IFMT;
  if (type === constants.S_IFLNK) return 'is a link';
  const expected = name.endsWith('/') ? constants.S_IFDIR : constants.S_IFREG;
  return type === 0 || type === expected ? undefined : 'is neither a file nor a folder';
}

function storedSizeFault({ compressionMethod, compressedSize, uncompressedSize }: Entry): string | undefined {
  if (compressionMethod !== 0 || compressedSize === uncompressedSize) return undefined;
  return `has ${uncompressedSize} bytes, but ${compressedSize} of them in the archive`;
}

function isOutside({ relativeOffsetOfLocalHeader, compressedSize }: Entry, archiveBytes: number): boolean {
  return relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + compressedSize > archiveBytes;
}

/** Tells of each entry of an archive, asked one after the other, whether its place is taken; see {@link createTwiceCheck}. */
export type TwiceCheck = (entry: Entry) => string | undefined;

/** About what the check may remember, in bytes: the paths of some 200,000 files. */
const MEMORY_BYTES = 32 * 1024 * 1024;
/** About what each path costs beside its characters. */
const PATH_BYTES = 100;

/**
 * Finds entries whose place is taken by an earlier one, and files that are to be folders as well. What no longer fits into its
 * memory goes unchecked: the unpacking finds it.
 */
export function createTwiceCheck(): TwiceCheck {
  const kinds = new Map<string, 'file' | 'folder' | 'parent'>([['', 'parent']]);
  let leftBytes = MEMORY_BYTES;

  function claim(path: string, kind: 'file' | 'folder' | 'parent'): boolean {
    const known = kinds.get(path);
    if (known === 'file' || (known !== undefined && kind === 'file')) return false;
    if (known === 'folder') return kind === 'parent';
    if (known === undefined) leftBytes -= PATH_BYTES + path.length;
    if (known !== kind) kinds.set(path, kind);
    return true;
  }

  function claimParents(path: string): boolean {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end);
      const known = kinds.get(parent);
      if (known === 'file') return false;
      if (known !== undefined) return true;
      claim(parent, 'parent');
    }
    return true;
  }

  return (entry) => {
    const name = entryNameOf(entry);
    const path = relativeEntryPath(name);
    const isFolder = name.endsWith('/');
    if (leftBytes <= 0 || (isFolder && path === '')) return undefined;
    const isFree = claimParents(path) && claim(path, isFolder ? 'folder' : 'file');
    return isFree ? undefined : `entry ${JSON.stringify(name)} occurs twice`;
  };
}
