import { mkdir, readdir, readFile, readlink, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clusterPaths } from './cluster-files.ts';
import { run } from './command.ts';
import { removeBridge } from './network.ts';
import { allGone, signalAll } from './proc.ts';
import { killMarked } from './processes.ts';
import type { Profile } from './profile.ts';

/** Where the shims of containerd put their sockets, whatever its state folder is. */
const SHIM_SOCKETS = '/run/containerd/s';
/** Where the pod network's library keeps its results, whatever its configuration says. */
const CNI_RESULTS = '/var/lib/cni/results';
/** Where the kubelet links the logs of all containers, whatever its root folder is. */
const LOG_LINKS = '/var/log/containers';

/**
 * Removes what a stack leaves on the machine beside its state folder: processes, containers, mounts, network
 * namespaces, the bridge, cgroups, sockets. Safe at any time after the servers were stopped, killed or lost.
 */
export async function removeLeftovers(profile: Profile): Promise<void> {
  await killMarked(profile);
  await killPods(profile);
  await removeShimSockets(profile);
  await unmountAll(profile);
  await removeCgroups(profile);
  await removeBridge(profile);
  await removeCniResults(profile);
  await removeLogLinks(profile);
  // What containerd and runc keep here describes containers that are gone.
  for (const folder of [clusterPaths(profile).containerdState, profile.runFolder, join(profile.stateFolder, 'run')]) {
    await rm(folder, { recursive: true, force: true });
  }
  await rm(join(profile.stateFolder, 'cni', 'addresses'), { recursive: true, force: true });
  // Other stacks may have their sockets beside ours.
  await rmdir(dirname(profile.runFolder)).catch(() => {});
}

/** Makes the folder of the pods in each cgroup controller: two kubelets without one clear each other's pods. */
export async function makeCgroups(profile: Profile): Promise<void> {
  for (const folder of await cgroupFolders(profile)) {
    await mkdir(folder, { recursive: true });
    await inheritCpuset(folder);
  }
}

/** A new cpuset of cgroup version 1 is empty, and takes no process until it names CPUs and memory nodes. */
async function inheritCpuset(folder: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const inherited = await readFile(join(folder, '..', file), 'utf8').catch(() => '');
    if (inherited.trim() === '') continue;
    await writeFile(join(folder, file), inherited).catch(() => {});
  }
}

async function cgroupFolders(profile: Profile): Promise<string[]> {
  const mounts = await readMounts();
  const controllers = mounts.filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  return controllers.map(({ path }) => join(path, profile.cgroupRoot));
}

async function killPods(profile: Profile): Promise<void> {
  const pids = new Set<number>();
  for (const root of await cgroupFolders(profile)) {
    for (const folder of await withSubfolders(root)) {
      const listed = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const pid of listed.split('\n').filter((line) => line !== '' && line !== '0')) pids.add(Number(pid));
    }
  }
  signalAll([...pids], 'SIGKILL');
  await allGone([...pids], 5_000);
}

async function removeCgroups(profile: Profile): Promise<void> {
  for (const root of await cgroupFolders(profile)) {
    for (const folder of (await withSubfolders(root)).reverse()) await rmdir(folder).catch(ignoreMissing);
  }
}

/** Unmounts everything below our folders, the innermost first. */
async function unmountAll(profile: Profile): Promise<void> {
  const ours = [`${profile.runFolder}/`, `${profile.stateFolder}/`];
  const mounts = await readMounts();
  const paths = mounts.map(({ path }) => path).filter((path) => ours.some((folder) => path.startsWith(folder)));
  const foreign = profile.name === 'local' ? `${join(profile.stateFolder, 'test')}/` : undefined;
  const mine = paths.filter((path) => foreign === undefined || !path.startsWith(foreign));
  if (mine.length > 0) await run('umount', ['--lazy', ...mine.sort((a, b) => b.length - a.length)]);
}

async function removeShimSockets(profile: Profile): Promise<void> {
  const tasks = join(clusterPaths(profile).containerdState, 'io.containerd.runtime.v2.task', 'k8s.io');
  for (const task of await readdir(tasks).catch(() => [])) {
    const address = await readFile(join(tasks, task, 'address'), 'utf8').catch(() => '');
    const path = address.trim().replace(/^unix:\/\//, '');
    if (path.startsWith(`${SHIM_SOCKETS}/`)) await unlink(path).catch(ignoreMissing);
  }
}

/** Results are named `<network>-<container>-<interface>`; of each container one is of our bridge, one of its loopback. */
async function removeCniResults(profile: Profile): Promise<void> {
  const names = await readdir(CNI_RESULTS).catch(() => []);
  const ours = names.filter((name) => name.startsWith(`${profile.bridge.name}-`));
  const containers = ours.map((name) => name.slice(profile.bridge.name.length + 1).split('-', 1)[0] ?? '');
  const loopbacks = containers.map((container) => `cni-loopback-${container}-lo`);
  for (const name of [...ours, ...loopbacks]) await unlink(join(CNI_RESULTS, name)).catch(ignoreMissing);
}

async function removeLogLinks(profile: Profile): Promise<void> {
  for (const name of await readdir(LOG_LINKS).catch(() => [])) {
    const target = await readlink(join(LOG_LINKS, name)).catch(() => '');
    if (target.startsWith(`${clusterPaths(profile).podLogs}/`))
      await unlink(join(LOG_LINKS, name)).catch(ignoreMissing);
  }
}

async function withSubfolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name));
  const below = await Promise.all(folders.map(withSubfolders));
  return entries.length === 0 ? [] : [root, ...below.flat()];
}

async function readMounts(): Promise<{ path: string; type: string }[]> {
  const lines = (await readFile('/proc/mounts', 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [, path = '', type = ''] = line.split(' ');
    // Blanks and other odd characters stand as octal numbers.
    return { path: path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), type };
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
