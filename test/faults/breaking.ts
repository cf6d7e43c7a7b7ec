import { pidByName } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { prepare, startPrepared } from '../../deploy/local/stack.ts';
import type { Fault, ProcessName } from './fault.ts';
import { openLinks } from './links.ts';
import { say } from './say.ts';

/** A stack that breaks as it is told to. */
export interface BreakingStack {
  /** Lets the faults begin. A process that does not run is a fault already. */
  breakDown(faults: readonly Fault[]): Promise<void>;
  /** Ends all faults. Resolves with how long it took until every process answered, in milliseconds. */
  heal(faults: readonly Fault[]): Promise<number>;
  /** Gives the stack back as it was. */
  close(): Promise<void>;
}

const SIGNALS = { killed: 'SIGKILL', frozen: 'SIGSTOP' } as const;

/** Lets our own two processes reach the servers of the running stack by links that can break. */
export async function createBreakingStack(profile: Profile): Promise<BreakingStack> {
  const progress = createProgress(say);
  const backend = await prepare(profile, progress);
  const links = await openLinks(profile);
  const start = () => startPrepared(profile, backend, progress, { programEnvironment: links.environment });
  await start();
  return {
    async breakDown(faults) {
      await Promise.all(
        faults.map((fault) =>
          fault.target === 'link'
            ? links.breakLink(fault.name, fault.blow)
            : signalGroup(profile, fault.name, SIGNALS[fault.blow]),
        ),
      );
    },
    async heal(faults) {
      const startedMs = Date.now();
      const frozen = faults.filter(({ blow }) => blow === 'frozen');
      await Promise.all(frozen.map(({ name }) => signalGroup(profile, name, 'SIGCONT')));
      await links.heal();
      await start();
      return Date.now() - startedMs;
    },
    async close() {
      await startPrepared(profile, backend, progress);
      await links.close();
    },
  };
}

async function signalGroup(profile: Profile, name: ProcessName, signal: NodeJS.Signals): Promise<void> {
  const pid = await pidByName(profile, name);
  if (pid !== undefined) process.kill(-pid, signal);
}
