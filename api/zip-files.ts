/** What is in a zip, by its own directory: nothing else of it is read. */
import type { Entry } from 'yauzl';
import { entryNameOf } from '../transfer/entry-rules.ts';
import { openZip } from '../transfer/open-zip.ts';
import { BlockReader } from './block-reader.ts';
import type { ReadRange } from './block-reader.ts';
import type { ZipFile, ZipFiles } from './schemas/zip-files.ts';

/** What is listed of a zip. */
type Listed = Pick<ZipFiles, 'files' | 'total'>;

/** Most bytes that the names of a list have: a name may have 64 KiB. */
const MAX_NAMES_BYTES = 4 * 1024 ** 2;

/**
 * The first `limit` files and folders of a zip of `sizeBytes`, fewer when their names are long, and how many there are. Rejects with what
 * `readRange` rejects with.
 */
export async function zipFiles(sizeBytes: number, readRange: ReadRange, limit: number): Promise<Listed> {
  const reader = new BlockReader(sizeBytes, readRange);
  const zip = await openZip(reader).catch((error: unknown) => {
    throw reader.failure ?? error;
  });
  const files: ZipFile[] = [];
  let namesBytes = 0;
  for await (const entry of zip.eachEntry()) {
    namesBytes += entry.fileNameLength;
    if (files.length === limit || namesBytes > MAX_NAMES_BYTES) break;
    files.push(fileOf(entry));
  }
  return { files, total: zip.entryCount };
}

function fileOf(entry: Entry): ZipFile {
  return {
    name: entryNameOf(entry),
    bytes: entry.uncompressedSize,
    compressed_bytes: entry.compressedSize,
    modified: entry.getLastModDate().getTime(),
  };
}
