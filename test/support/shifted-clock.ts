import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../deploy/local/cache.ts';
import { run } from '../../deploy/local/command.ts';

const PACKAGE = 'libfaketime';

/** Where the library for programs of several threads is, below the folder of the machine's architecture. */
const LIBRARY = 'faketime/libfaketimeMT.so.1';

/** Path of the library that shifts a clock; it is fetched once. */
export async function fetchClockLibrary(): Promise<string> {
  const folder = await cached(PACKAGE, 'debian', unpack);
  const [architecture = ''] = await readdir(join(folder, 'usr/lib'));
  return join(folder, 'usr/lib', architecture, LIBRARY);
}

/**
 * Variables by which a program that is started with them has a clock that is `offsetSeconds` off; the machine's own stays as it is.
 * What measures time that passes is left alone, as it is when a real clock jumps.
 */
export function shiftedClock(library: string, offsetSeconds: number): Readonly<Record<string, string>> {
  const offset = `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}s`;
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** It is fetched and not installed: nothing else on the machine uses it. */
async function unpack(folder: string): Promise<void> {
  await run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', PACKAGE], { cwd: folder });
  const files = await readdir(folder);
  const archive = files.find((name) => name.endsWith('.deb')) ?? '';
  await run('dpkg-deb', ['--extract', archive, '.'], { cwd: folder });
}
