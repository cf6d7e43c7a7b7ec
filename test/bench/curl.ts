import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs `curl`, which fails as soon as a server refuses. @returns what the server answered, unless `-o` takes it elsewhere */
export async function curl(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--show-error', '--fail', '--location', ...args]);
  return stdout;
}
