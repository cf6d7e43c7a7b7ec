import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Makes a zip of files: name → content. */
export async function aZip(files: Readonly<Record<string, string | Buffer>>, comment = ''): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end({ comment, forceZip64Format: false });
  return Buffer.from(await buffer(zip.outputStream));
}

/** The same zip with the encryption bit set: in its first local header, or only in the last record of its directory. */
export function markedEncrypted(zip: Buffer, isFirst: boolean): Buffer {
  const marked = Buffer.from(zip);
  const flagsAt = isFirst ? 6 : zip.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 8;
  marked.writeUInt16LE(marked.readUInt16LE(flagsAt) | 1, flagsAt);
  return marked;
}
