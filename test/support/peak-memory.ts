import type { TransferRun } from './transfer-run.ts';

/** What a transfer runs before its own code. The kernel's other count, `ru_maxrss`, begins with the memory of who started the process. */
const TELL = `import { readFileSync } from 'node:fs';
process.on('exit', () => console.log('peak', readFileSync('/proc/self/status', 'utf8').match(/VmHWM:.*/)[0]));`;

/** Options of Node by which a transfer tells at its end how much memory it had at most. */
export const TELL_PEAK: readonly string[] = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`];

/** The most that was resident of a transfer that was run with {@link TELL_PEAK}, in mebibytes. */
export function peakMibOf(run: TransferRun): number {
  return Number(/peak VmHWM:\s+(\d+) kB/.exec(run.output)?.[1]) / 1024;
}
