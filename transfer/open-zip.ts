/** Opens a zip by its end, so that its directory can be read. */
import { fromRandomAccessReaderPromise } from 'yauzl';
import type { RandomAccessReader, ZipFile } from 'yauzl';

/** Reads a zip; what lies beyond its end is an error. */
export interface ZipReader extends RandomAccessReader {
  readonly sizeBytes: number;
  /** Why a part could not be read, if that is not the zip's fault. */
  readonly failure?: Error | undefined;
}

/**
 * Opens a zip; the reader stays open. Names are left as bytes, for `entryNameOf`, and sizes unchecked, for `entryFault`.
 * Up to 64 KiB of zeros behind the end record are no part of the zip: bsdtar fills the last block of a stream with them.
 */
export async function openZip(reader: ZipReader): Promise<ZipFile> {
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  return await fromRandomAccessReaderPromise(reader, reader.sizeBytes - (await countPadding(reader)), options);
}

/** Reads a part of a zip. */
export async function readPart(reader: ZipReader, position: number, lengthBytes: number): Promise<Buffer> {
  const part = Buffer.alloc(lengthBytes);
  await new Promise<void>((resolve, reject) => {
    reader.read(part, 0, lengthBytes, position, (error) => (error ? reject(error) : resolve()));
  });
  return part;
}

const END_RECORD = Buffer.from('PK\x05\x06', 'latin1');
const END_RECORD_BYTES = 22;
const COMMENT_LENGTH_OFFSET = 20;
/** No tool looks further back for the end record, as a comment behind it is no longer. */
const MAX_COMMENT_BYTES = 0xffff;

async function countPadding(reader: ZipReader): Promise<number> {
  const { sizeBytes } = reader;
  if (sizeBytes < END_RECORD_BYTES) return 0;
  const tailBytes = Math.min(sizeBytes, END_RECORD_BYTES + MAX_COMMENT_BYTES);
  return paddingOf(await readPart(reader, sizeBytes - tailBytes, tailBytes));
}

/** Zeros behind the last end record and its comment; 0 when there is no record, or anything but zeros behind it. */
function paddingOf(tail: Buffer): number {
  const start = tail.lastIndexOf(END_RECORD, tail.length - END_RECORD_BYTES);
  if (start < 0) return 0;
  const commentBytes = tail.readUInt16LE(start + COMMENT_LENGTH_OFFSET);
  const rest = tail.subarray(start + END_RECORD_BYTES + commentBytes);
  return rest.every((byte) => byte === 0) ? rest.length : 0;
}
