import { pidByName } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { startStack } from '../../deploy/local/stack.ts';
import type { Fault } from './plan.ts';

const SIGNALS = { killed: 'SIGKILL', frozen: 'SIGSTOP' } as const;

/** Lets the faults begin. A process that does not run is a fault already. */
export async function breakDown(profile: Profile, faults: readonly Fault[]): Promise<void> {
  await Promise.all(faults.map(({ process, blow }) => signalGroup(profile, process, SIGNALS[blow])));
}

/** Ends all faults. Resolves with how long it took until every process answered, in milliseconds. */
export async function heal(profile: Profile, faults: readonly Fault[]): Promise<number> {
  const startedMs = Date.now();
  const frozen = faults.filter(({ blow }) => blow === 'frozen');
  await Promise.all(frozen.map(({ process }) => signalGroup(profile, process, 'SIGCONT')));
  const silent = createProgress(() => undefined);
  await startStack(profile, silent);
  return Date.now() - startedMs;
}

async function signalGroup(profile: Profile, name: string, signal: NodeJS.Signals): Promise<void> {
  const pid = await pidByName(profile, name);
  if (pid !== undefined) process.kill(-pid, signal);
}
