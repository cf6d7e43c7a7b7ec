import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exists } from './files.ts';

/** Folder outside every checkout that keeps what is slow to make. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'kubernetes-task-runner');
}

/** Between the name and the rest of a folder that is still being made. */
const PART = '.part-';

/**
 * Folder `<name>-<key>` of the cache; made by `make` when it is not there.
 * It appears whole or not at all, however `make` ends, and two makers at once make it once.
 */
export async function cached(name: string, key: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), `${name}-${key}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  return withLock(join(cacheFolder(), `${name}.lock`), async () => {
    if (await exists(folder)) return folder;
    await removeParts(name);
    // With a name of its own, so that what a killed maker's compiler still writes goes nowhere.
    const part = await mkdtemp(join(cacheFolder(), `${name}${PART}`));
    await chmod(part, 0o755);
    await make(part);
    await rename(part, folder);
    return folder;
  });
}

/** Parts of interrupted makers; nobody else makes this name while its lock is held. */
async function removeParts(name: string): Promise<void> {
  const parts = (await readdir(cacheFolder())).filter((entry) => entry.startsWith(`${name}${PART}`));
  for (const part of parts) await rm(join(cacheFolder(), part), { recursive: true, force: true });
}

/**
 * Does `work` while holding a lock on a file; waits while another process holds it.
 * The lock ends with this process, however it ends: `flock` lives only as long as its standard input is open.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo held && exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const failed = once(holder, 'error').then(([error]) => Promise.reject(error as Error));
  await Promise.race([once(holder.stdout, 'data'), failed]);
  try {
    return await work();
  } finally {
    const ended = once(holder, 'exit');
    holder.stdin.end();
    await ended;
  }
}
