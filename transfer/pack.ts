import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { explainUnreadable } from './walk.ts';
import type { Tree, TreeEntry } from './walk.ts';

/** How to pack. */
export interface PackOptions {
  /** Called with the bytes read so far. */
  readonly onProgress?: (readBytes: number) => void;
}

/** Never through a link that took a file's place, and never waiting for a FIFO that did. */
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A zip of the tree as a stream, made while it is read, in constant memory for the contents; ZIP64 where needed.
 * Modes and times come from the tree alone, so the same tree makes the same zip.
 * Files are read to their end, however long they have become. The stream fails with a `TransferError` that names a file
 * which may not be read.
 */
export function pack(tree: Tree, options: PackOptions = {}): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const progress = { readBytes: 0, report: options.onProgress ?? (() => undefined) };
  for (const entry of tree.entries) addEntry(zip, entry, progress);
  zip.end();
  return output;
}

interface PackProgress {
  readBytes: number;
  readonly report: (readBytes: number) => void;
}

function addEntry(zip: ZipFile, entry: TreeEntry, progress: PackProgress): void {
  const { name, mode, mtime, isFolder } = entry;
  if (isFolder) {
    zip.addEmptyDirectory(name, { mtime, mode: constants.S_IFDIR | mode });
    return;
  }
  zip.addReadStreamLazy(name, { mtime, mode: constants.S_IFREG | mode }, (deliver) => {
    const contents = Readable.from(contentsOf(entry.path, progress), { objectMode: false });
    contents.on('error', (error) => zip.emit('error', error));
    deliver(null, contents);
  });
}

const READ_SIZE_BYTES = 64 * 1024;

async function* contentsOf(path: Buffer, progress: PackProgress): AsyncGenerator<Buffer> {
  const file = await open(path, READ_ONLY).catch(async (error: unknown) => {
    throw await explainUnreadable(path, error);
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_SIZE_BYTES), 0, READ_SIZE_BYTES, null);
      if (bytesRead === 0) return;
      progress.readBytes += bytesRead;
      progress.report(progress.readBytes);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
