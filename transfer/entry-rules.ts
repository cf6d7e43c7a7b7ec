/**
 * What an entry of an input zip must be. The API refuses a zip by these rules before it takes the job; the download goes by
 * them again, as it trusts nobody.
 */
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { getFileNameLowLevel } from 'yauzl';
import type { Entry } from 'yauzl';
import { methodFault } from './entry-methods.ts';
import { entryPathFault, relativeEntryPath } from './entry-path.ts';
import { MAX_TARGET_BYTES } from './link-target.ts';

/** Bytes that a local header has, without name and extra fields, in front of an entry's data. */
export const LOCAL_HEADER_BYTES = 30;

/**
 * What forbids to unpack an entry, naming it, or undefined: only plain files and folders inside the folder, neither encrypted
 * nor compressed in a way that we do not know, of sizes that can be true.
 * @param archiveBytes size of the whole zip
 * @param allowsLinks true when a symbolic link is allowed, too; where it leads its content says
 */
export function entryFault(entry: Entry, archiveBytes: number, allowsLinks = false): string | undefined {
  const name = entryNameOf(entry);
  const fault =
    encodingFault(entry, name) ??
    entryPathFault(name) ??
    (allowsLinks && isLink(entry) ? linkEntryFault(entry, name) : typeFault(entry, name)) ??
    methodFault(entry) ??
    storedSizeFault(entry) ??
    (isOutside(entry, archiveBytes) ? 'lies outside of the archive' : undefined);
  return fault && `entry ${JSON.stringify(name)} ${fault}`;
}

const UTF8_NAME = 1 << 11;

/**
 * The name of an entry. It is UTF-8 when its bytes are, or when the entry says so by its flag or by a Unicode path of its own; some
 * systems write UTF-8 and do not say so. Any other name is code page 437, as the format has it.
 */
export function entryNameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const flags = generalPurposeBitFlag | (isUtf8(fileNameRaw) ? UTF8_NAME : 0);
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
}

/** What is no UTF-8 is read as this character, which would make one name of many. */
const UNREADABLE = '\ufffd';
const UNICODE_PATH_FIELD = 0x7075;
/** Version and checksum. */
const UNICODE_PATH_HEAD_BYTES = 5;

function encodingFault({ fileNameRaw, extraFields }: Entry, name: string): string | undefined {
  if (!name.includes(UNREADABLE)) return undefined;
  const unicodePaths = extraFields.filter(({ id }) => id === UNICODE_PATH_FIELD);
  const sources = [fileNameRaw, ...unicodePaths.map(({ data }) => data.subarray(UNICODE_PATH_HEAD_BYTES))];
  const isFaithful = sources.some((bytes) => bytes.equals(Buffer.from(name)));
  return isFaithful ? undefined : 'says that its name is UTF-8, which it is not';
}

/** The Unix mode with its type bits; 0 when the archive does not tell. */
export function entryModeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

/** True of a symbolic link. */
export function isLink(entry: Entry): boolean {
  return (entryModeOf(entry) & constants.S_IFMT) === constants.S_IFLNK;
}

function linkEntryFault({ uncompressedSize }: Entry, name: string): string | undefined {
  if (name.endsWith('/')) return 'is a link with the name of a folder';
  return uncompressedSize > MAX_TARGET_BYTES ? 'is a link with too long a target' : undefined;
}

/** Info-ZIP gives a file that it reads from standard input the type of that: a pipe or a socket; the content is a file's. */
const FILE_TYPES: readonly number[] = [0, constants.S_IFREG, constants.S_IFIFO, constants.S_IFSOCK];
const FOLDER_TYPES: readonly number[] = [0, constants.S_IFDIR];

function typeFault(entry: Entry, name: string): string | undefined {
  const type = entryModeOf(entry) & constants.S_IFMT;
  if (isLink(entry)) return 'is a link';
  const expected = name.endsWith('/') ? FOLDER_TYPES : FILE_TYPES;
  if (!expected.includes(type)) return 'is neither a file nor a folder';
  return name.endsWith('/') && entry.uncompressedSize > 0 ? 'is a folder, and has a content' : undefined;
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
