import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { required } from './environment.ts';
import { shellBlocks } from './markdown.ts';
import { createTestFolder } from './trees.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const LONGEST_MS = 300_000;

/** A request that is refused is a fault of the document. The stack of the suite is up, and its variables are there. */
const BEGINNING = `
curl() { command curl --fail-with-body "$@"; }
make() { test "$*" = up; }
`;

/**
 * Runs the commands of a document that are not marked, one after the other in one shell, in a checkout whose `make up` is the stack
 * of the suite. Resolves with all that they wrote.
 * @param folder stands in the place of `/tmp`; by default an empty one, which is removed afterwards
 * @throws Error with all that they wrote when one of them fails
 */
export async function runCommandsOf(document: string, folder?: string): Promise<string> {
  using checkout = createTestFolder();
  for (const name of readdirSync(REPOSITORY).filter((name) => name !== '.local'))
    symlinkSync(join(REPOSITORY, name), join(checkout.path, name));
  mkdirSync(join(checkout.path, '.local'));
  writeFileSync(join(checkout.path, '.local', 'env'), '');
  using files = createTestFolder();
  const commands = shellBlocks(document).filter(({ mark }) => mark === '');
  const script = [BEGINNING, ...commands.map(({ commands }) => commands)]
    .join('\n')
    .replaceAll('/tmp/', `${folder ?? files.path}/`);
  const env = {
    ...process.env,
    PATH: `${required('LOCAL_BIN')}:${process.env['PATH']}`,
    KTR_SERVER: required('API_URL'),
  };
  const bash = ['-euo', 'pipefail', '-c', script];
  const { stdout } = await promisify(execFile)('bash', bash, { cwd: checkout.path, env, timeout: LONGEST_MS });
  return stdout;
}
