import { pidByName, startProcess, stopProcess } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { programsOf } from '../../deploy/local/programs.ts';
import type { ProgramName } from '../../deploy/local/programs.ts';
import { createProgress } from '../../deploy/local/progress.ts';
import { prepare, startPrepared } from '../../deploy/local/stack.ts';
import { fetchClockLibrary, shiftedClock } from '../support/shifted-clock.ts';
import { CLOCK_OFFSETS } from './fault.ts';
import type { Fault, ProcessName } from './fault.ts';
import { openLinks } from './links.ts';
import { persist } from './patience.ts';
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

/** A stack that is not whole by then does not come back by itself. */
const RECOVERED_MS = 240_000;

const SIGNALS = { killed: 'SIGKILL', frozen: 'SIGSTOP' } as const;

/** Lets our own two processes reach the servers of the running stack by links that can break. */
export async function createBreakingStack(profile: Profile): Promise<BreakingStack> {
  const progress = createProgress(say);
  const backend = await prepare(profile, progress);
  const clockLibrary = await fetchClockLibrary();
  const links = await openLinks(profile);
  const programEnvironment = { ...links.environment, ...chosenSettings(process.env) };
  const start = () => startPrepared(profile, backend, progress, { programEnvironment });

  /** Its clock is right again when it is started as it should be. */
  async function restartShifted(name: ProgramName, offsetSeconds: number): Promise<void> {
    const clock = shiftedClock(clockLibrary, offsetSeconds);
    const programs = await programsOf(profile, { ...backend.environment, ...programEnvironment, ...clock });
    await stopProcess(profile, name, 0);
    await startProcess(profile, programs[name].spec);
  }

  function breakOne(fault: Fault): Promise<void> {
    if (fault.target === 'link') return links.breakLink(fault.name, fault.blow);
    if (fault.target === 'clock') return restartShifted(fault.name, CLOCK_OFFSETS[fault.blow]);
    return signalGroup(profile, fault.name, SIGNALS[fault.blow]);
  }

  await start();
  return {
    async breakDown(faults) {
      await Promise.all(faults.map(breakOne));
    },
    async heal(faults) {
      const startedMs = Date.now();
      const frozen = faults.filter((fault) => fault.target === 'process' && fault.blow === 'frozen');
      await Promise.all(frozen.map(({ name }) => signalGroup(profile, name, 'SIGCONT')));
      const shifted = faults.filter(({ target }) => target === 'clock');
      await Promise.all(shifted.map(({ name }) => stopProcess(profile, name, 0)));
      await links.heal();
      // A machine that is busy may need more than one call of `make up`; how long it took is told.
      await persist('recovery of the stack', RECOVERED_MS, start);
      return Date.now() - startedMs;
    },
    async close() {
      await startPrepared(profile, backend, progress);
      await links.close();
    },
  };
}

/** What a run may choose for our own two processes. */
function chosenSettings({ BUCKET_CREDENTIALS }: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return BUCKET_CREDENTIALS === undefined ? {} : { BUCKET_CREDENTIALS };
}

async function signalGroup(profile: Profile, name: ProcessName, signal: NodeJS.Signals): Promise<void> {
  const pid = await pidByName(profile, name);
  if (pid !== undefined) process.kill(-pid, signal);
}
