import { readFileSync } from 'node:fs';
import { residentBytesOf } from '../../support/api-process.ts';

/** Linux counts in hundredths of a second, whatever its timer does. */
const MS_PER_TICK = 10;

/** What a process takes of the machine. */
export interface ProcessUsage {
  readonly residentBytes: number;
  /** CPU time of all its threads since it was started. */
  readonly cpuMs: number;
}

/** @throws Error when no such process runs */
export function usageOf(pid: number): ProcessUsage {
  return { residentBytes: residentBytesOf(pid), cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')) };
}

/** The CPU time that a line of `/proc/<pid>/stat` tells: its 14th and 15th field, of which the second may hold blanks. Pure. */
export function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
