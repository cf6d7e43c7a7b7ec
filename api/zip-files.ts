/** What is in a zip, by its own directory: nothing else of it is read. */
import { fromRandomAccessReaderPromise } from 'yauzl';
import type { Entry } from 'yauzl';
import { BlockReader } from './block-reader.ts';
import type { ReadRange } from './block-reader.ts';
import type { ZipFile, ZipFiles } from './schemas/zip-files.ts';

/** What is listed of a zip. */
type Listed = Pick<ZipFiles, 'files' | 'total'>;

/** The first `limit` files and folders of a zip of `sizeBytes`, and how many there are. Rejects with what `readRange` rejects with. */
export async function zipFiles(sizeBytes: number, readRange: ReadRange, limit: number): Promise<Listed> {
  const reader = new BlockReader(sizeBytes, readRange);
  const zip = await fromRandomAccessReaderPromise(reader, sizeBytes).catch((error: unknown) => {
    throw reader.failure ?? error;
  });
  const files: ZipFile[] = [];
  for await (const entry of zip.eachEntry()) {
    if (files.length === limit) break;
    files.push(fileOf(entry));
  }
  return { files, total: zip.entryCount };
}

function fileOf(entry: Entry): ZipFile {
  return {
    name: entry.fileName,
    bytes: entry.uncompressedSize,
    compressed_bytes: entry.compressedSize,
    modified: entry.getLastModDate().getTime(),
  };
}
