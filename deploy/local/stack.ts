import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import { withLock } from './cache.ts';
import { clusterPaths } from './cluster-files.ts';
import { prepareEmbedded } from './embedded-cluster.ts';
import { toolFolder, writeEnvironment } from './env-file.ts';
import type { StackEnvironment } from './env-file.ts';
import { exists } from './files.ts';
import { removeLeftovers } from './leftovers.ts';
import { indexById } from './mongodb-index.ts';
import { prepareBesideOwn } from './own-cluster.ts';
import type { OwnCluster } from './own-cluster-settings.ts';
import { requireMachine } from './prerequisites.ts';
import { stopProcess } from './processes.ts';
import type { Profile } from './profile.ts';
import { PROGRAM_NAMES, programsOf } from './programs.ts';
import type { Progress } from './progress.ts';
import { ensureRunning, makeWay } from './running.ts';

/** What belongs to a stack, beyond its profile. */
export interface StackOptions {
  /** Leave out our own two processes. */
  readonly serversOnly?: boolean;
  /** Cluster to use in place of the embedded one. */
  readonly ownCluster?: OwnCluster;
  /** Variables of our own two processes that differ from the stack's. */
  readonly programEnvironment?: StackEnvironment;
}

/** How long our own processes get to finish what they do, or to hand it over. */
const PROGRAM_STOP_MS = 30_000;

/** Groups in the order in which they are stopped, each with the time its members get to end by themselves. */
const STOP_ORDER: readonly { readonly names: readonly string[]; readonly graceMs: number }[] = [
  { names: PROGRAM_NAMES, graceMs: PROGRAM_STOP_MS },
  { names: ['kubelet', 'kwok', 'kube-scheduler', 'kube-controller-manager', 'local-provisioner'], graceMs: 3_000 },
  { names: ['kube-apiserver', 'temporal', 'mongodb', 'gcs'], graceMs: 3_000 },
  { names: ['etcd', 'containerd'], graceMs: 5_000 },
];

/** Makes everything that the cache lacks: packages, servers, images. Starts nothing. */
export async function prepare(profile: Profile, progress: Progress, ownCluster?: OwnCluster): Promise<Backend> {
  return ownCluster === undefined
    ? await prepareEmbedded(profile, progress)
    : await prepareBesideOwn(profile, ownCluster, progress);
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
  return startPrepared(profile, await prepare(profile, progress, options.ownCluster), progress, options);
}

/** Starts what does not run of a stack of which everything has been made. */
export async function startPrepared(
  profile: Profile,
  backend: Backend,
  progress: Progress,
  { serversOnly = false, programEnvironment = {} }: Omit<StackOptions, 'ownCluster'> = {},
): Promise<StackEnvironment> {
  return withLock(lockFile(profile), async () => {
    await backend.start(progress);
    await linkTools(profile, backend.tools);
    await writeEnvironment(profile, backend.environment);
    if (!serversOnly) {
      const environment = { ...backend.environment, ...programEnvironment };
      await startPrograms(profile, environment, progress);
      // By now its collections are there.
      indexById(profile, environment['MONGODB_DATABASE'] ?? '');
    }
    return backend.environment;
  });
}

/** Stops a stack and removes all that it left on the machine but its state folder. A stopped one is no error. */
export async function stopStack(profile: Profile): Promise<void> {
  const hadCluster = await exists(clusterPaths(profile).containerdConfig);
  requireMachine(profile, hadCluster ? 'embedded cluster' : 'own cluster');
  // Somebody may still be starting it.
  if (await exists(profile.stateFolder)) await withLock(lockFile(profile), () => stopAll(profile));
  else await stopAll(profile);
}

async function stopAll(profile: Profile): Promise<void> {
  for (const { names, graceMs } of STOP_ORDER) {
    await Promise.all(names.map((name) => stopProcess(profile, name, graceMs)));
  }
  await removeLeftovers(profile);
}

function lockFile(profile: Profile): string {
  return join(profile.stateFolder, 'lock');
}

async function startPrograms(profile: Profile, environment: StackEnvironment, progress: Progress): Promise<void> {
  const programs = Object.values(await programsOf(profile, environment));
  await makeWay(profile, programs, PROGRAM_STOP_MS);
  await Promise.all(programs.map((program) => ensureRunning(profile, program, progress)));
}

async function linkTools(profile: Profile, tools: Readonly<Record<string, string>>): Promise<void> {
  const folder = toolFolder(profile);
  await mkdir(folder, { recursive: true });
  for (const [name, target] of Object.entries(tools)) {
    const link = join(folder, name);
    if ((await readlink(link).catch(() => undefined)) === target) continue;
    await rm(link, { force: true });
    await symlink(target, link);
  }
}
