import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { pidByName } from '../../../deploy/local/processes.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { BASE_SERVERS, CLUSTER_SERVERS } from '../../../deploy/local/servers.ts';

const run = promisify(execFile);

/**
 * Does `deed` while the servers of the cluster share one core, and all others of the stack, `pids` and this process the other ones: as
 * where a service runs beside its cluster, not on the machine that the cluster waits for. With a single core nothing is set apart.
 */
export async function withClusterApart<T>(
  profile: Profile,
  pids: readonly number[],
  deed: () => Promise<T>,
): Promise<T> {
  const last = availableParallelism() - 1;
  const cluster = await pidsOf(profile, [...CLUSTER_SERVERS, 'kwok']);
  const others = [...(await pidsOf(profile, BASE_SERVERS)), ...pids, process.pid];
  await Promise.all([pin(cluster, '0'), pin(others, last > 0 ? `1-${last}` : '0')]);
  return await deed().finally(() => pin([...cluster, ...others], `0-${last}`));
}

async function pidsOf(profile: Profile, names: readonly string[]): Promise<number[]> {
  const pids = await Promise.all(names.map((name) => pidByName(profile, name)));
  return pids.filter((pid) => pid !== undefined);
}

/** All threads of each; those to come are where the one is that starts them. */
async function pin(pids: readonly number[], cores: string): Promise<void> {
  await Promise.all(pids.map((pid) => run('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, `${pid}`])));
}
