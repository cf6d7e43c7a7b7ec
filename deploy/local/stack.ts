import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildServers, needsCompiler } from './build.ts';
import type { Binaries } from './build.ts';
import { withLock } from './cache.ts';
import { makeCertificates } from './certificates.ts';
import { writeClusterFiles } from './cluster-files.ts';
import { importImages, makeStorageClass, waitForNode } from './cluster.ts';
import { BUCKET, environmentOf, makeCredentials, toolFolder, writeEnvironment } from './env-file.ts';
import type { StackEnvironment } from './env-file.ts';
import { makeImages } from './images.ts';
import type { LocalImages } from './images.ts';
import { makeCgroups, removeLeftovers } from './leftovers.ts';
import { makeBridge } from './network.ts';
import { cniFolder, installPackages } from './packages.ts';
import { requireFreePorts } from './ports.ts';
import { requireCompiler, requireMachine } from './prerequisites.ts';
import { lastLog, pidByName, runningPid, startProcess, stopProcess } from './processes.ts';
import type { Profile } from './profile.ts';
import { PROGRAM_NAMES, programsOf } from './programs.ts';
import type { Program } from './programs.ts';
import type { Progress } from './progress.ts';
import { becomesTrue } from './ready.ts';
import { SERVER_NAMES, serversOf } from './servers.ts';
import type { Server, ServerName } from './servers.ts';

/** What a stack is made of; none of it belongs to one profile. */
interface Artefacts {
  readonly binaries: Binaries;
  readonly images: LocalImages;
  readonly cniPlugins: string;
}

/** How much of a stack to start. */
export interface StackOptions {
  /** Leave out our own two processes. */
  readonly serversOnly?: boolean;
}

const READY_MS = 60_000;

/** Groups in the order in which they are stopped, each with the time its members get to end by themselves. */
const STOP_ORDER: readonly { readonly names: readonly string[]; readonly graceMs: number }[] = [
  { names: PROGRAM_NAMES, graceMs: 15_000 },
  { names: ['kubelet', 'kube-scheduler', 'kube-controller-manager', 'local-provisioner'], graceMs: 3_000 },
  { names: ['kube-apiserver', 'temporal', 'mongodb', 'gcs'], graceMs: 3_000 },
  { names: ['etcd', 'containerd'], graceMs: 5_000 },
];

/** Makes everything that the cache lacks: packages, servers, images. */
export async function prepare(profile: Profile, progress: Progress): Promise<Artefacts> {
  requireMachine(profile);
  const serversFolder = join(profile.repository, 'deploy', 'local', 'servers');
  if (await needsCompiler(serversFolder)) await requireCompiler();
  await mkdir(join(profile.stateFolder, 'logs'), { recursive: true });
  const packagesLog = join(profile.stateFolder, 'logs', 'packages.log');
  const packages = installPackages(packagesLog, progress);
  const [binaries] = await Promise.all([buildServers(serversFolder, progress), packages]);
  const images = await makeImages(binaries, await productVersion(profile));
  const cniPlugins = await cniFolder();
  if (cniPlugins === undefined) throw new Error('the CNI plugins were installed, yet cannot be found');
  return { binaries, images, cniPlugins };
}

/**
 * Starts what does not run of a stack, and waits until all of it works. What runs already is left alone.
 * @returns the variables by which to find it, which stand in the file `env` of the state folder too.
 */
export async function startStack(
  profile: Profile,
  progress: Progress,
  options: StackOptions = {},
): Promise<StackEnvironment> {
  const artefacts = await prepare(profile, progress);
  return withLock(join(profile.stateFolder, 'lock'), async () => {
    const environment = environmentOf(profile, artefacts.images);
    await startServers(profile, artefacts, progress);
    await linkTools(profile, artefacts.binaries);
    await writeEnvironment(profile, environment);
    if (options.serversOnly !== true) await startPrograms(profile, environment, progress);
    return environment;
  });
}

/** Stops a stack and removes all that it left on the machine but its state folder. A stopped one is no error. */
export async function stopStack(profile: Profile): Promise<void> {
  requireMachine(profile);
  for (const { names, graceMs } of STOP_ORDER) {
    await Promise.all(names.map((name) => stopProcess(profile, name, graceMs)));
  }
  await removeLeftovers(profile);
}

async function startServers(profile: Profile, artefacts: Artefacts, progress: Progress): Promise<void> {
  const servers = serversOf(profile, artefacts.binaries);
  const missing = await notRunning(profile, Object.values(servers));
  if (missing.length === SERVER_NAMES.length) await removeLeftovers(profile);
  for (const { spec } of missing) await stopProcess(profile, spec.name, 3_000);
  await requireFreePorts(missing.flatMap(({ addresses }) => addresses));
  await makeSurroundings(profile, artefacts);
  const start = (name: ServerName) => ensureRunning(profile, servers[name], progress);
  await Promise.all([
    startCluster(profile, artefacts.images, start),
    start('temporal'),
    start('mongodb'),
    start('gcs').then(() => makeBucket(servers.gcs.url ?? '')),
  ]);
}

/** What servers need before they start: folders, the bridge, keys, configuration. */
async function makeSurroundings(profile: Profile, { images, cniPlugins }: Artefacts): Promise<void> {
  for (const folder of ['mongodb', 'bucket']) await mkdir(join(profile.stateFolder, folder), { recursive: true });
  await Promise.all([makeBridge(profile), makeCgroups(profile), makeCertificates(profile), makeCredentials(profile)]);
  await writeClusterFiles(profile, images.pause.reference, cniPlugins);
}

async function startCluster(
  profile: Profile,
  images: LocalImages,
  start: (name: ServerName) => Promise<void>,
): Promise<void> {
  const startedAt = Date.now();
  const kubeletWasRunning = (await pidByName(profile, 'kubelet')) !== undefined;
  const imported = start('containerd').then(() => importImages(profile, images));
  await start('etcd');
  await start('kube-apiserver');
  await Promise.all([
    imported,
    makeStorageClass(profile).then(() => start('local-provisioner')),
    start('kube-controller-manager'),
    start('kube-scheduler'),
    imported.then(() => start('kubelet')),
  ]);
  await waitForNode(profile, kubeletWasRunning ? 0 : startedAt);
}

async function startPrograms(profile: Profile, environment: StackEnvironment, progress: Progress): Promise<void> {
  const programs = Object.values(await programsOf(profile, environment));
  for (const { spec, addresses } of await notRunning(profile, programs)) {
    await stopProcess(profile, spec.name, 15_000);
    await requireFreePorts(addresses);
  }
  await Promise.all(programs.map((program) => ensureRunning(profile, program, progress)));
}

async function notRunning<T extends Server | Program>(profile: Profile, all: readonly T[]): Promise<T[]> {
  const pids = await Promise.all(all.map(({ spec }) => runningPid(profile, spec)));
  return all.filter((_, index) => pids[index] === undefined);
}

async function ensureRunning(profile: Profile, { spec, ready }: Server | Program, progress: Progress): Promise<void> {
  if ((await runningPid(profile, spec)) === undefined) {
    await startProcess(profile, spec);
    progress.say(`started ${spec.name}`);
  }
  const hasEnded = async () => (await pidByName(profile, spec.name)) === undefined;
  if (await becomesTrue(ready, READY_MS, hasEnded)) return;
  const lastLines = (await lastLog(profile, spec.name)).trimEnd().split('\n').slice(-15).join('\n');
  throw new Error(`${spec.name} did not become ready; the end of its log:\n${lastLines}`);
}

async function makeBucket(url: string): Promise<void> {
  const response = await fetch(`${url}/storage/v1/b?project=local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: BUCKET }),
  });
  if (!response.ok && response.status !== 409) throw new Error(`making the bucket answered ${response.status}`);
}

async function linkTools(profile: Profile, binaries: Binaries): Promise<void> {
  const folder = toolFolder(profile);
  await mkdir(folder, { recursive: true });
  const tools = { kubectl: join(binaries.kubernetes, 'kubectl'), temporal: join(binaries.temporal, 'temporal') };
  for (const [name, target] of Object.entries(tools)) {
    await rm(join(folder, name), { force: true });
    await symlink(target, join(folder, name));
  }
}

async function productVersion(profile: Profile): Promise<string> {
  const text = await readFile(join(profile.repository, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
