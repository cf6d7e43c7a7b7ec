import { requireFreePorts } from './ports.ts';
import { endOfLog, pidByName, runningPid, startProcess, stopProcess } from './processes.ts';
import type { Profile } from './profile.ts';
import type { Program } from './programs.ts';
import type { Progress } from './progress.ts';
import { becomesTrue } from './ready.ts';
import { SERVER_NAMES } from './servers.ts';
import type { Server } from './servers.ts';

const READY_MS = 60_000;

/** Those of `all` that do not run, or run with another command line than they should. */
export async function notRunning<T extends Server | Program>(profile: Profile, all: readonly T[]): Promise<T[]> {
  const pids = await Promise.all(all.map(({ spec }) => runningPid(profile, spec)));
  return all.filter((_, index) => pids[index] === undefined);
}

/** True when no server of the stack runs, in whatever shape. */
export async function isDown(profile: Profile): Promise<boolean> {
  const pids = await Promise.all(SERVER_NAMES.map((name) => pidByName(profile, name)));
  return pids.every((pid) => pid === undefined);
}

/** Ends what runs in another shape than it should, and checks that nobody else holds the ports. */
export async function makeWay(profile: Profile, all: readonly (Server | Program)[], graceMs: number): Promise<void> {
  const missing = await notRunning(profile, all);
  await Promise.all(missing.map(({ spec }) => stopProcess(profile, spec.name, graceMs)));
  await requireFreePorts(missing.flatMap(({ addresses }) => addresses));
}

/** Starts a process that does not run, and waits until it is ready. Throws with the end of its log when it never is. */
export async function ensureRunning(
  profile: Profile,
  { spec, ready }: Server | Program,
  progress: Progress,
): Promise<void> {
  if ((await runningPid(profile, spec)) === undefined) {
    await startProcess(profile, spec);
    progress.say(`started ${spec.name}`);
  }
  const hasEnded = async () => (await pidByName(profile, spec.name)) === undefined;
  if (await becomesTrue(ready, READY_MS, hasEnded)) return;
  throw new Error(`${spec.name} did not become ready; the end of its log:\n${await endOfLog(profile, spec.name)}`);
}
