import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { allPids } from './proc.ts';

/** A program that listens on a port. */
export interface Listener {
  readonly pid: number;
  readonly name: string;
}

/** State of a socket that listens, as the kernel writes it. */
const LISTENS = '0A';

/** Who listens on a TCP port; undefined when nobody does, or when this process may not see who. */
export async function listenerOn(port: number): Promise<Listener | undefined> {
  const sockets = new Set((await listeningInodes(port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  for (const pid of await allPids()) {
    if (!(await holdsAny(pid, sockets))) continue;
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return { pid, name: basename(commandLine.split('\0', 1)[0] ?? '') };
  }
  return undefined;
}

async function listeningInodes(port: number): Promise<string[]> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => ''));
  const rows = (await Promise.all(tables)).flatMap((table) => table.split('\n').slice(1));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === LISTENS && local.endsWith(suffix))
    .map((fields) => fields[9] ?? '');
}

async function holdsAny(pid: number, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const descriptor of await readdir(folder).catch(() => [])) {
    if (sockets.has(await readlink(`${folder}/${descriptor}`).catch(() => ''))) return true;
  }
  return false;
}
