import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * True for what a file system itself puts into the root of a volume: owned by root, unreadable, and nobody's work.
 * `name` is a name in that root.
 */
export function isVolumeFurniture(name: string, stats: Stats): boolean {
  return name === 'lost+found' && stats.isDirectory() && stats.uid === 0;
}

/** Removes all that stands in `folder`, but for the volume's furniture. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!isVolumeFurniture(name, await lstat(path))) await rm(path, { recursive: true, force: true });
  }
}
