import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Check } from '../rings.ts';
import type { RingResult } from './run-files.ts';

/** Runs a tool of the repository's own node_modules, showing what it prints. */
export async function runCheck(repository: string, { name, command, args }: Check): Promise<RingResult> {
  process.stdout.write(`== ${name}\n`);
  const startedMs = Date.now();
  const child = spawn(join(repository, 'node_modules', '.bin', command), args, { cwd: repository, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  const isGreen = code === 0;
  return {
    name,
    passed: isGreen ? 1 : 0,
    failed: isGreen ? 0 : 1,
    durationMs: Date.now() - startedMs,
    failures: isGreen ? [] : [`${name}: ended with ${code}; what it found stands where it ran`],
  };
}
