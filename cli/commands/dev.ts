/** `ktr dev`: the whole of the service on this machine, from a checkout. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

/** Runs a command of `deploy/local`, as `make` does. Resolves with its exit code. */
export async function dev(checkout: string, args: readonly string[]): Promise<number> {
  const program = join(checkout, 'deploy', 'local', 'main.ts');
  if (!existsSync(program))
    throw new UsageError(
      '`ktr dev` needs a checkout of kubernetes-task-runner; run it there as `npx --no -- ktr dev up`.',
    );
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
