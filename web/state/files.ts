/** Files that somebody picks or drops, as one zip. */
import { downloadZip } from 'client-zip';

/** A file, and where it stands in what was picked. */
export interface PickedFile {
  readonly file: File;
  readonly path: string;
}

/** All files of what was dropped, folders walked through. */
export async function filesOf(dropped: DataTransfer): Promise<PickedFile[]> {
  // Once the event is over they cannot be asked for any more.
  const entries = Array.from(dropped.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry: FileSystemEntry): Promise<PickedFile[]> {
  if (entry.isFile)
    return [{ file: await fileOf(entry as FileSystemFileEntry), path: entry.fullPath.replace(/^\//, '') }];
  const found: PickedFile[] = [];
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) found.push(...(await walk(child)));
  return found;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A folder tells a hundred at one time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** One zip. What is in one folder alone is sent without it: its content is meant. */
export async function zipOf(files: readonly PickedFile[]): Promise<Blob> {
  const [top = ''] = files[0]?.path.split('/') ?? [];
  const isOneFolder = files.every(({ path }) => path.startsWith(`${top}/`));
  const entries = files.map(({ file, path }) => ({
    input: file,
    name: isOneFolder ? path.slice(top.length + 1) : path,
  }));
  return await downloadZip(entries).blob();
}
