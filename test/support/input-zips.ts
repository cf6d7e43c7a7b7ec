import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip with these files, by name. */
export async function aZip(files: Readonly<Record<string, string | Buffer>>, comment = ''): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name, { compress: false });
  zip.end({ comment, forceZip64Format: false });
  return await buffer(zip.outputStream);
}

/** The same zip, its first entry marked as encrypted: in the central directory only, or `everywhere`. */
export function markedEncrypted(zip: Buffer, everywhere: boolean): Buffer {
  const marked = Buffer.from(zip);
  const central = marked.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  marked.writeUInt16LE(marked.readUInt16LE(central + 8) | 1, central + 8);
  if (everywhere) marked.writeUInt16LE(marked.readUInt16LE(6) | 1, 6);
  return marked;
}
