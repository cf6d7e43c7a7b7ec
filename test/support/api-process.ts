import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ownNodeFirst } from './own-node.ts';
import { collectLines } from './process-lines.ts';
import type { Closing } from './scope.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The worker of the stack says nothing of what others do. */
const UNHEARD = { WORKER_URL: '' };

/** The API as a process of its own. */
export interface ApiProcess {
  readonly url: string;
  readonly pid: number;
  /** All lines that it has written so far: what it tells, and its log. */
  readonly lines: readonly string[];
  /** Resident memory at this moment, in bytes. */
  residentBytes(): number;
}

/** Starts `npm run start:api` on a free port until the test ends; `environment` comes on top of the test's own. */
export async function startApiProcess(
  context: Closing,
  environment: Readonly<Record<string, string>>,
): Promise<ApiProcess> {
  const child = spawn(join(REPOSITORY, 'deploy', 'start.sh'), ['api'], {
    env: { ...ownNodeFirst(process.env), ...UNHEARD, ...environment, API_HOST: '127.0.0.1', API_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = collectLines(child);
  context.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const reader = createInterface(child.stdout);
  const [line = 'nothing'] = (await Promise.race([once(reader, 'line'), once(reader, 'close')])) as [string?];
  const url = /http:\S+/.exec(line)?.[0];
  if (url === undefined) throw new Error(`the API said ${line}`);
  const pid = child.pid ?? 0;
  return { url, pid, lines, residentBytes: () => residentBytesOf(pid) };
}

/** Memory of a process that is resident. @throws Error when no such process runs */
export function residentBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
