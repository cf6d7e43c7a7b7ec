import { symlink } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { run, runToFile, succeeds } from './command.ts';
import type { Progress } from './progress.ts';

/** Packages of Go programs, as seen from the workspace of the servers; each becomes a program of its last name. */
const PACKAGES = {
  kubernetes: './kubernetes',
  temporal: 'github.com/temporalio/cli/cmd/temporal',
  ferretdb: './ferretdb',
  pause: './pause',
  noshell: './noshell',
  toxiproxy: 'github.com/Shopify/toxiproxy/v2/cmd/server',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
  helm: 'helm.sh/helm/v3/cmd/helm',
  'kube-router': 'github.com/cloudnativelabs/kube-router/v2/cmd/kube-router',
} as const;

/** A program that is compiled here. */
export type GoProgram = keyof typeof PACKAGES;

/** The further names of `kubernetes`, which acts as what it is called. */
const ROLES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kubectl',
  'local-provisioner',
] as const;

/** They leave out what the stack does not use: FerretDB's PostgreSQL, and gRPC for Google's storage in Temporal. */
const TAGS = 'ferretdb_no_postgresql,disable_grpc_modules';

/** Code that computes: Go's own library, SQLite, encodings, the cluster's store. The rest waits for it most of the time. */
const COMPUTING = ['std', 'golang.org/...', 'google.golang.org/...', 'modernc.org/...', 'go.etcd.io/...'];

/**
 * Nobody debugs these servers: without a debugger's tables they compile in a tenth less time. Without inlining the rest
 * compiles in a sixth less time, and a job takes as long.
 */
const COMPILE_FLAGS = [
  '-buildvcs=false',
  '-gcflags=all=-dwarf=false -l',
  ...COMPUTING.map((pattern) => `-gcflags=${pattern}=-dwarf=false`),
];

/** With so much memory each compiler may let its garbage lie until the limit, which saves a seventh of its time. */
const AMPLE_MEMORY_BYTES = 8 * 1024 ** 3;
const WITHOUT_COLLECTION = { GOGC: 'off', GOMEMLIMIT: '1536MiB' };

const ENVIRONMENT = { CGO_ENABLED: '0' };

/** One thread for each compiler: there is always another package to compile, which is cheaper than to share one. */
const COMPILE_ENVIRONMENT = {
  ...ENVIRONMENT,
  GOMAXPROCS: '1',
  ...(totalmem() >= AMPLE_MEMORY_BYTES ? WITHOUT_COLLECTION : {}),
};

/** One more than the cores, for the time that Go's own command takes. */
const COMPILERS = ['-p', String(availableParallelism() + 1)];

/** What nearly every program uses of Go's own library; it needs no download. */
const COMMON_LIBRARY = ['net/http', 'html/template', 'database/sql', 'encoding/gob', 'encoding/xml', 'testing'];

/**
 * Compiles programs of the workspace `serversFolder` into `folder`: all of them by one call of Go, which so compiles
 * what they share once, and keeps every core busy until the last of them is linked.
 */
export async function compilePrograms(
  serversFolder: string,
  programs: readonly GoProgram[],
  folder: string,
  progress: Progress,
): Promise<void> {
  const packages = programs.map((program) => PACKAGES[program]);
  const total = await progress.step('fetch the sources of the servers', () => fetchSources(serversFolder, packages));
  await compile(serversFolder, packages, folder, total, progress);
  if (!programs.includes('kubernetes')) return;
  for (const role of ROLES) await symlink('kubernetes', join(folder, role));
}

/** Downloads the modules, and compiles Go's own library in the waits. Resolves to the number of packages to compile. */
async function fetchSources(serversFolder: string, packages: readonly string[]): Promise<number> {
  const named = ['-tags', TAGS, '-f', '{{if not .Standard}}{{.ImportPath}}{{end}}', ...packages];
  const commonLibrary = ['build', ...COMPILERS, ...COMPILE_FLAGS, ...COMMON_LIBRARY];
  const library = succeeds('go', commonLibrary, { cwd: serversFolder, env: COMPILE_ENVIRONMENT });
  const listed = await run('go', ['list', '-deps', ...named], { cwd: serversFolder, env: ENVIRONMENT });
  await library;
  return listed.stdout.trim().split('\n').length;
}

async function compile(
  serversFolder: string,
  packages: readonly string[],
  folder: string,
  total: number,
  progress: Progress,
): Promise<void> {
  const version = packages.includes(PACKAGES.kubernetes) ? await kubernetesVersionFlags(serversFolder) : '';
  const output = ['-o', `${folder}/`, '-ldflags', `-s -w ${version}`];
  const args = ['build', '-v', ...COMPILERS, ...COMPILE_FLAGS, '-tags', TAGS, ...output, ...packages];
  const options = { cwd: serversFolder, env: COMPILE_ENVIRONMENT };
  const logFile = join(cacheFolder(), 'servers-build.log');
  const startedAt = performance.now();
  let done = 0;
  const build = () => runToFile('go', args, logFile, options, (line) => (done += Number(isCompiled(line))));
  await progress.step('compile the servers', build, () => compiledSoFar(done, total, performance.now() - startedAt));
}

/** True for a line of `go build -v` that names a package which is not of Go's own library: its path starts with a host. */
function isCompiled(line: string): boolean {
  return /^[^\s/]+\.[^\s/]+\/\S+$/.test(line);
}

/** How far a build is, for a person who waits: `1234 of 3303 packages, about 5 min left`. */
export function compiledSoFar(done: number, total: number, elapsedMs: number): string {
  const counted = `${done} of ${total} packages`;
  if (done < total / 50) return counted;
  const leftMs = ((total - Math.min(done, total)) * elapsedMs) / done;
  return `${counted}, about ${Math.max(0.5, Math.ceil(leftMs / 30_000) / 2)} min left`;
}

async function kubernetesVersionFlags(serversFolder: string): Promise<string> {
  const list = ['list', '-m', '-f', '{{.Version}}', 'k8s.io/kubernetes'];
  const { stdout } = await run('go', list, { cwd: serversFolder, env: ENVIRONMENT });
  const gitVersion = stdout.trim();
  const [gitMajor = '', gitMinor = ''] = gitVersion.slice(1).split('.');
  return Object.entries({ gitVersion, gitMajor, gitMinor, gitTreeState: 'clean' })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}
