import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { directoryRecord, endOfZip, localHeader } from '../../transfer/zip-format.ts';

const BLOCK_BYTES = 1024 ** 2;

/** A zip of one file of whole mebibytes that cannot be compressed, and is stored as it is; no more of it is in memory than one block. */
export function* storedZip(contentBytes: number): Generator<Buffer> {
  const block = randomBytes(BLOCK_BYTES);
  const blocks = contentBytes / block.length;
  let checksum = 0;
  for (let at = 0; at < blocks; at++) checksum = crc32(block, checksum);
  const record = {
    name: Buffer.from('large'),
    mode: 0o100644,
    mtime: new Date(0),
    isDeflated: false,
    isStreamed: false,
    crc32: checksum,
    sizeBytes: contentBytes,
    compressedSizeBytes: contentBytes,
    offset: 0,
  };
  const header = localHeader(record, false);
  const directory = directoryRecord(record);
  yield header;
  for (let at = 0; at < blocks; at++) yield block;
  yield directory;
  yield endOfZip({ entries: 1, sizeBytes: directory.length, offset: header.length + contentBytes });
}
