import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { allGone, allPids, endAll, environmentOfProcess, readStat, signalAll, startTicksOf } from './proc.ts';
import type { Profile } from './profile.ts';

/** A program that the stack starts and leaves running. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Changes with what the program is made of, where the command line does not tell. */
  readonly version?: string;
}

/** What is known of a started program. */
interface ProcessRecord {
  readonly pid: number;
  /** Start time in clock ticks since boot: a recycled pid has another. */
  readonly startTicks: string;
  /** Changes with the command line, so that a changed program is started anew. */
  readonly fingerprint: string;
}

/** Environment variable that all processes of a stack carry; its value is the state folder. */
const MARKER = 'KUBERNETES_TASK_RUNNER_STACK';

const MAX_LOG_SIZE_BYTES = 20 * 1024 * 1024;

/** File that a process writes its output to. */
export function logFileOf(profile: Profile, name: string): string {
  return join(profile.stateFolder, 'logs', `${name}.log`);
}

/** Lines of a log that an error message has. */
const MESSAGE_LINES = 15;

/** Line that stands in the log before what a newly started program writes. */
const START_LINE = '--- started ';

/** What the program wrote to its log since it was started last; empty when it never was. */
export async function lastLog(profile: Profile, name: string): Promise<string> {
  const text = await readFile(logFileOf(profile, name), 'utf8').catch(() => '');
  return text.slice(Math.max(0, text.lastIndexOf(START_LINE)));
}

/** The last lines of {@link lastLog}, for an error message. */
export async function endOfLog(profile: Profile, name: string): Promise<string> {
  return (await lastLog(profile, name)).trimEnd().split('\n').slice(-MESSAGE_LINES).join('\n');
}

/** Starts a program in a session of its own, so that it outlives this one. */
export async function startProcess(profile: Profile, spec: ProcessSpec): Promise<void> {
  await mkdir(join(profile.stateFolder, 'run'), { recursive: true });
  const log = await openLog(profile, spec.name);
  try {
    await log.write(`${START_LINE}${new Date().toISOString()} ---\n`);
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd ?? profile.stateFolder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...baseEnvironment(), ...spec.env, [MARKER]: profile.stateFolder },
    });
    const failed = once(child, 'error') as Promise<[Error]>;
    if (child.pid === undefined) throw (await failed)[0];
    // In the same turn as the start, so that no interruption can come between a program and its record.
    writeRecord(profile, spec, child.pid);
    child.unref();
  } finally {
    await log.close();
  }
}

/** Pid of the running program, if it runs and was started with the same command line. */
export async function runningPid(profile: Profile, spec: ProcessSpec): Promise<number | undefined> {
  const record = await readRecord(profile, spec.name);
  return record !== undefined && record.fingerprint === fingerprintOf(spec) && (await isAlive(record))
    ? record.pid
    : undefined;
}

/** Pid of the running program of this name, whatever its command line. */
export async function pidByName(profile: Profile, name: string): Promise<number | undefined> {
  const record = await readRecord(profile, name);
  return record !== undefined && (await isAlive(record)) ? record.pid : undefined;
}

/** Ends a program with its children: SIGTERM, then SIGKILL after `graceMs`. */
export async function stopProcess(profile: Profile, name: string, graceMs: number): Promise<void> {
  const record = await readRecord(profile, name);
  if (record !== undefined) {
    await endAll(await groupMembers(record), graceMs);
  }
  await rm(recordFile(profile, name), { force: true });
}

/** Kills all that the stack ever started and that still runs, known by the environment it was given. */
export async function killMarked(profile: Profile): Promise<void> {
  const marked = await markedProcesses(profile);
  signalAll(marked, 'SIGKILL');
  await allGone(marked, 5_000);
}

/** Pids of every process that carries this stack's mark. */
export async function markedProcesses({ stateFolder }: Pick<Profile, 'stateFolder'>): Promise<number[]> {
  const marked: number[] = [];
  for (const pid of await allPids()) {
    if ((await stackOf(pid)) === stateFolder) marked.push(pid);
  }
  return marked;
}

/** State folder of the stack that a process belongs to; undefined for one of no stack. */
export async function stackOf(pid: number): Promise<string | undefined> {
  const mark = (await environmentOfProcess(pid)).find((variable) => variable.startsWith(`${MARKER}=`));
  return mark?.slice(MARKER.length + 1);
}

function baseEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'];
  return Object.fromEntries(kept.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
}

async function openLog(profile: Profile, name: string) {
  const file = logFileOf(profile, name);
  await mkdir(join(profile.stateFolder, 'logs'), { recursive: true });
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_LOG_SIZE_BYTES) await rename(file, `${file}.1`);
  return open(file, 'a');
}

function fingerprintOf(spec: ProcessSpec): string {
  const identity = JSON.stringify([spec.command, spec.args, spec.env ?? {}, spec.cwd ?? '', spec.version ?? '']);
  return createHash('sha256').update(identity).digest('hex');
}

function recordFile(profile: Profile, name: string): string {
  return join(profile.stateFolder, 'run', `${name}.json`);
}

function writeRecord(profile: Profile, spec: ProcessSpec, pid: number): void {
  const record: ProcessRecord = { pid, startTicks: startTicksOf(pid), fingerprint: fingerprintOf(spec) };
  writeFileSync(recordFile(profile, spec.name), JSON.stringify(record));
}

async function readRecord(profile: Profile, name: string): Promise<ProcessRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(profile, name), 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

async function isAlive(record: ProcessRecord): Promise<boolean> {
  const found = await readStat(record.pid);
  return found !== undefined && found.state !== 'Z' && found.startTicks === record.startTicks;
}

async function groupMembers(record: ProcessRecord): Promise<number[]> {
  const members: number[] = [];
  for (const pid of await allPids()) {
    const found = await readStat(pid);
    // Members are younger than their leader: an older process in a group of this number is not ours.
    if (found?.group === record.pid && BigInt(found.startTicks) >= BigInt(record.startTicks || '0')) members.push(pid);
  }
  return members;
}
