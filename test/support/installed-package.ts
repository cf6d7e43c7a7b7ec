import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePackage } from '../../deploy/package.ts';

const runFile = promisify(execFile);

/** Installs what is published into an empty folder, as its users do. Resolves with the path of the command `ktr`. */
export async function installPackage(folder: string): Promise<string> {
  await makePackage(join(folder, 'made'));
  const npm = (...args: readonly string[]) => runFile('npm', args, { cwd: folder });
  const { stdout: packed } = await npm('pack', './made', '--silent');
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  await npm('install', '--no-audit', '--no-fund', '--prefer-offline', packed.trim());
  return join(folder, 'node_modules', '.bin', 'ktr');
}
