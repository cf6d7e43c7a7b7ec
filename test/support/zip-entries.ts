import { fromBuffer } from 'yauzl';
import type { Entry, ZipFile as OpenZip } from 'yauzl';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** One entry of a zip, as a test wants it or finds it. A name that ends with a slash is an empty folder. */
export interface ZipEntry {
  readonly content?: Buffer | string;
  /** Permission bits. Default 0o644, folders 0o755. */
  readonly mode?: number;
  /** Default true; content that is noise anyway is quicker without. */
  readonly isCompressed?: boolean;
}

/** Makes a zip of entries. */
export async function zipOf(entries: Readonly<Record<string, ZipEntry>>): Promise<Buffer<ArrayBuffer>> {
  const zip = new ZipFile();
  for (const [name, { content = '', mode, isCompressed = true }] of Object.entries(entries)) {
    if (name.endsWith('/')) zip.addEmptyDirectory(name, { mode: 0o40000 | (mode ?? 0o755) });
    else zip.addBuffer(Buffer.from(content), name, { mode: 0o100000 | (mode ?? 0o644), compress: isCompressed });
  }
  zip.end();
  return Buffer.from(await buffer(zip.outputStream));
}

/** Reads a zip whole: name → content (empty for folders) and permission bits. */
export async function entriesOf(zip: Buffer): Promise<Record<string, { content: string; mode: number }>> {
  const open = await new Promise<OpenZip>((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file)));
  });
  const found: Record<string, { content: string; mode: number }> = {};
  return await new Promise((resolve, reject) => {
    open.on('error', reject);
    open.on('end', () => resolve(found));
    open.on('entry', (entry: Entry) => {
      void contentOf(open, entry).then((content) => {
        found[entry.fileName] = { content, mode: (entry.externalFileAttributes >>> 16) & 0o777 };
        open.readEntry();
      }, reject);
    });
    open.readEntry();
  });
}

async function contentOf(zip: OpenZip, entry: Entry): Promise<string> {
  if (entry.fileName.endsWith('/')) return '';
  return await new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else buffer(stream).then((bytes) => resolve(bytes.toString('utf8')), reject);
    });
  });
}
