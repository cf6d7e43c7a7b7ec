import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encryptionKeyOf, workerTokenOf } from './env-file.ts';
import type { StackEnvironment } from './env-file.ts';
import { exists } from './files.ts';
import type { Address } from './ports.ts';
import type { ProcessSpec } from './processes.ts';
import type { Profile } from './profile.ts';
import { answers } from './ready.ts';
import type { ReadyCheck } from './ready.ts';

/** Our own processes, which are run from their sources. */
export const PROGRAM_NAMES = ['api', 'worker'] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** Folders whose files make up our processes. */
const ROOMS = ['api', 'worker', 'workflows', 'activities', 'cluster', 'bucket', 'store', 'transfer', 'config'];

/** One of our processes, ready to be started. */
export interface Program {
  readonly spec: ProcessSpec;
  readonly addresses: readonly Address[];
  readonly ready: ReadyCheck;
}

/** Both programs of a stack, with the environment that lets them find the servers. */
export async function programsOf(
  profile: Profile,
  environment: StackEnvironment,
): Promise<Readonly<Record<ProgramName, Program>>> {
  const version = await sourceVersion(profile.repository);
  const secrets = { ENCRYPTION_KEYS: await encryptionKeyOf(profile), WORKER_TOKEN: await workerTokenOf(profile) };
  const env = { ...environment, ...secrets };
  const spec = (name: ProgramName): ProcessSpec => {
    const args = ['run', '--silent', `start:${name}`];
    return { name, command: 'npm', args, env, cwd: profile.repository, version };
  };
  const loopback = (wantedBy: string, port: number): Address => ({ host: '127.0.0.1', port, wantedBy });
  return {
    api: {
      spec: spec('api'),
      addresses: [loopback('the API', profile.ports.api)],
      ready: answers(`${environment['API_URL']}/readyz`),
    },
    worker: {
      spec: spec('worker'),
      addresses: [loopback('the worker', profile.ports.worker)],
      ready: answers(`${environment['WORKER_URL']}/readyz`),
    },
  };
}

/** Hash of our sources, so that `make up` runs what stands on the disk. */
async function sourceVersion(repository: string): Promise<string> {
  const hash = createHash('sha256');
  const files = (await readdir(repository)).filter(isSource);
  files.push('package.json', 'package-lock.json', 'deploy/start.sh');
  for (const room of ROOMS) {
    const names = await readdir(join(repository, room), { recursive: true }).catch(() => []);
    files.push(...names.filter(isSource).map((name) => join(room, name)));
  }
  for (const file of files.sort()) {
    if (await exists(join(repository, file))) hash.update(`${file}\0`).update(await readFile(join(repository, file)));
  }
  return hash.digest('hex');
}

function isSource(name: string): boolean {
  return name.endsWith('.ts') && !name.endsWith('.test.ts');
}
