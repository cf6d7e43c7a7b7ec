import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Check } from '../suites.ts';
import type { RunResult } from './result.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Suite under which checks are reported. */
export const CHECKS_SUITE = 'checks';

/** Runs a tool of the repository's node_modules. The reason of a failure is all that the tool printed. */
export async function runCheck({ name, command, args }: Check): Promise<RunResult> {
  const startedMs = Date.now();
  const path = join(REPOSITORY, 'node_modules', '.bin', command);
  const child = spawn(path, args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const failed = child.exitCode === 0 ? 0 : 1;
  return {
    suite: CHECKS_SUITE,
    name,
    passed: 1 - failed,
    failed,
    durationMs: Date.now() - startedMs,
    failures: failed === 0 ? [] : [{ test: [command, ...args].join(' '), reason: `${stdout}${stderr}`.trim() }],
  };
}
