import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the kernel tells of a process. */
export interface ProcessStat {
  /** `Z` for one whose first thread has ended. */
  readonly state: string;
  /** Threads that have not ended yet; the first one counts until the parent has noticed its end. */
  readonly threads: number;
  readonly parent: number;
  /** Process group. */
  readonly group: number;
  /** Start time in clock ticks since boot: a recycled pid has another. */
  readonly startTicks: string;
}

/** Pids of all processes of the machine. */
export async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
}

/** Undefined when no such process is there. */
export async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseStat(text);
}

/** Start time of a process that was started a moment ago; empty when it is gone already. */
export function startTicksOf(pid: number): string {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).startTicks;
  } catch {
    return '';
  }
}

/** Environment of a process as `NAME=value` strings; empty when it is gone, or not ours to see. */
export async function environmentOfProcess(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return text.split('\0').filter((variable) => variable !== '');
}

/** Children of this process, and theirs, that share its process group: those that an interruption is meant for too. */
export async function ownChildren(): Promise<number[]> {
  const stats = new Map<number, ProcessStat>();
  for (const pid of await allPids()) {
    const found = await readStat(pid);
    if (found !== undefined) stats.set(pid, found);
  }
  const group = stats.get(process.pid)?.group;
  const descends = (pid: number): boolean => {
    const parent = stats.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || descends(parent));
  };
  return [...stats].filter(([pid, found]) => found.group === group && descends(pid)).map(([pid]) => pid);
}

/** Sends a signal to each process; one that has gone is no error. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself.
    }
  }
}

/** Waits until no process of the list runs; false when the time is over first. */
export async function allGone(pids: readonly number[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const stats = await Promise.all(pids.map(readStat));
    if (stats.every((found) => found === undefined || hasEnded(found))) return true;
    if (Date.now() >= deadline) return false;
    await sleep(20);
  }
}

/** The files of a process, and its ports with them, are open until its last thread has ended. */
function hasEnded({ state, threads }: Pick<ProcessStat, 'state' | 'threads'>): boolean {
  return state === 'Z' && threads <= 1;
}

/** Asks each process to end, and ends it after `graceMs`. */
export async function endAll(pids: readonly number[], graceMs: number): Promise<void> {
  signalAll(pids, 'SIGTERM');
  if (!(await allGone(pids, graceMs))) signalAll(pids, 'SIGKILL');
  await allGone(pids, 5_000);
}

function parseStat(text: string): ProcessStat {
  // The second field is the program's name in parentheses and may hold anything, blanks and parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent = '0', group = '0'] = fields;
  const [threads, startTicks = ''] = [Number(fields[17]), fields[19]];
  return { state, threads, parent: Number(parent), group: Number(group), startTicks };
}
