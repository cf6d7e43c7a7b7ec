import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { exists } from './files.ts';
import { logFileOf } from './processes.ts';
import type { Profile } from './profile.ts';
import { PROGRAM_NAMES } from './programs.ts';
import { SERVER_NAMES } from './servers.ts';

/** Prints the end of the log of one process, or of all of them; with `follow` until it is interrupted. */
export async function showLogs(profile: Profile, name: string | undefined, follow: boolean): Promise<void> {
  const names: readonly string[] = [...SERVER_NAMES, ...PROGRAM_NAMES];
  if (name !== undefined && !names.includes(name)) {
    throw new Error(`There is no process called ${name}; the names are ${names.join(', ')}.`);
  }
  const files = (name === undefined ? names : [name]).map((one) => logFileOf(profile, one));
  const there = await Promise.all(files.map(exists));
  const args = ['-n', name === undefined ? '20' : '200', ...(follow ? ['-F'] : [])];
  const tail = spawn('tail', [...args, ...files.filter((_, index) => there[index] === true)], { stdio: 'inherit' });
  await once(tail, 'exit');
}
