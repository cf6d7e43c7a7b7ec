import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, succeeds } from '../../../deploy/local/command.ts';
import type { RunOptions } from '../../../deploy/local/command.ts';
import { exists } from '../../../deploy/local/files.ts';
import { makeCgroups } from '../../../deploy/local/leftovers.ts';
import { logFileOf, startProcess, stopProcess } from '../../../deploy/local/processes.ts';
import { testProfile } from '../../../deploy/local/profile.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import type { Closing } from '../scope.ts';
import { installDocker } from './packages.ts';

export const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

/** An engine makes this folder, wherever all else of it is. */
const PLUGINS = '/run/docker/plugins';

const READY_MS = 60_000;
const STOP_MS = 20_000;

/** A Docker engine of the tests' own. What it has built it still has when it is started again for the same stack. */
export interface Engine {
  /** The stack that it stands beside, whose end would end it too. */
  readonly profile: Profile;
  /** Its command line, which knows both builders. */
  readonly client: string;
  /** What tells its clients where it is. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs Docker's command line, and returns what it wrote to standard output. */
  readonly docker: (args: readonly string[], options?: RunOptions) => Promise<string>;
}

/** Starts an engine that shares nothing with another one of this machine, and ends it with its containers. */
export async function startEngine(context: Closing): Promise<Engine> {
  const profile = testProfile(REPOSITORY);
  await mkdir(join(profile.stateFolder, 'logs'), { recursive: true });
  await mkdir(profile.runFolder, { recursive: true });
  const client = await installDocker(join(profile.stateFolder, 'logs', 'docker-packages.log'));
  await makeCgroups(profile);
  const engine = engineOf(profile, client);
  const hadPlugins = await exists(PLUGINS);
  context.after(async () => {
    await stopProcess(profile, 'dockerd', STOP_MS);
    if (!hadPlugins) await rm(dirname(PLUGINS), { recursive: true, force: true });
  });
  await startProcess(profile, { name: 'dockerd', command: 'dockerd', args: await engineArgs(profile) });
  const isUp = () => succeeds(client, ['version'], { env: engine.env });
  if (!(await becomesTrue(isUp, READY_MS)))
    throw new Error(`dockerd does not answer; see ${logFileOf(profile, 'dockerd')}`);
  context.after(() => removeContainers(engine));
  await removeContainers(engine);
  return engine;
}

function engineOf(profile: Profile, client: string): Engine {
  const env = { DOCKER_HOST: `unix://${socketOf(profile)}` };
  return {
    profile,
    client,
    env,
    docker: async (args, options = {}) =>
      (await run(client, args, { ...options, env: { ...env, ...options.env } })).stdout,
  };
}

function socketOf({ runFolder }: Profile): string {
  return join(runFolder, 'docker.sock');
}

/** It makes no rule of a firewall, and no bridge but those of its networks. */
async function engineArgs(profile: Profile): Promise<readonly string[]> {
  const id = profile.bridge.name;
  const { stdout: help } = await run('dockerd', ['--help']);
  return [
    ...[`--host=unix://${socketOf(profile)}`, `--pidfile=${join(profile.runFolder, 'dockerd.pid')}`],
    ...[`--data-root=${join(profile.stateFolder, 'docker')}`, `--exec-root=${join(profile.runFolder, 'docker')}`],
    // A containerd that runs on the machine already may serve another engine, too.
    ...[`--containerd-namespace=${id}`, `--containerd-plugins-namespace=${id}-plugins`],
    ...['--bridge=none', '--iptables=false', '--ip-masq=false', '--ip-forward=false'],
    ...['--exec-opt=native.cgroupdriver=cgroupfs', `--cgroup-parent=/${profile.cgroupRoot}/docker`],
    // Without CAP_SYS_RESOURCE nobody may lower it; new engines leave it alone.
    ...(help.includes('--oom-score-adjust') ? ['--oom-score-adjust=0'] : []),
  ];
}

/** Containers, networks and volumes; the images stay. */
async function removeContainers({ docker }: Engine): Promise<void> {
  const ids = async (...args: string[]) => (await docker([...args, '--quiet'])).split('\n').filter((id) => id !== '');
  const containers = await ids('ps', '--all');
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers]);
  await docker(['network', 'prune', '--force']);
  const volumes = await ids('volume', 'ls');
  if (volumes.length > 0) await docker(['volume', 'rm', '--force', ...volumes]);
}
