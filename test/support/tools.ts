import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { required } from './environment.ts';

/** Runs `kubectl` or `temporal` of the stack, as an operator does. Returns what it printed; throws when it fails. */
export async function runTool(tool: 'kubectl' | 'temporal', ...args: readonly string[]): Promise<string> {
  const path = join(required('LOCAL_BIN'), tool);
  const { stdout } = await promisify(execFile)(path, args, { maxBuffer: 64 * 1024 ** 2 });
  return stdout;
}
