import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readEnvironment } from './env-file.ts';
import { pidByName } from './processes.ts';
import type { Profile } from './profile.ts';

/**
 * Runs the worker's command that restores MongoDB, on a running stack; it writes to our own outputs.
 * @returns true when all was restored
 * @throws Error when the stack does not run
 */
export async function rebuildMirror(profile: Profile): Promise<boolean> {
  const environment = await readEnvironment(profile);
  const pids = await Promise.all(['temporal', 'mongodb'].map((name) => pidByName(profile, name)));
  if (environment === undefined || pids.includes(undefined)) {
    throw new Error('The stack does not run: start it by `make up`.');
  }
  const command = spawn('npm', ['run', '--silent', 'rebuild-mirror'], {
    cwd: profile.repository,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  const [code] = (await once(command, 'close')) as [number | null];
  return code === 0;
}
