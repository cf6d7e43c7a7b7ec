import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { endAll, ownChildren } from '../../deploy/local/proc.ts';
import { endOfLog, pidByName } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import type { Records } from './records.ts';
import type { Failure } from './result.ts';

const LOOK_MS = 1_000;

/** How long a test gets for its clean-up. */
const CHILDREN_END_MS = 3_000;

/** Does `work` while servers run: when one ends, the run is stopped, and the failure names the server. */
export async function whileServersRun(
  profile: Profile,
  names: readonly string[],
  records: Records,
  work: () => Promise<void>,
): Promise<void> {
  await beside(work, (done) => stopWithServers(profile, names, records, done));
}

/** Does `work`. When the run is stopped, ends the child processes of `work`; once it is, does nothing. */
export async function untilStopped(stopped: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (!stopped.aborted) await beside(work, (done) => endChildren(stopped, done));
}

/** Does `work`, with `watch` beside it until `done`. */
async function beside(work: () => Promise<void>, watch: (done: AbortSignal) => Promise<void>): Promise<void> {
  const done = new AbortController();
  const watching = watch(done.signal);
  try {
    await work();
  } finally {
    done.abort();
    await watching;
  }
}

/** Repeats, because running work can start more children. */
async function endChildren(stopped: AbortSignal, done: AbortSignal): Promise<void> {
  await once(AbortSignal.any([stopped, done]), 'abort');
  while (!done.aborted) {
    await endAll(await ownChildren(), CHILDREN_END_MS);
    await pause(done);
  }
}

async function stopWithServers(
  profile: Profile,
  names: readonly string[],
  records: Records,
  done: AbortSignal,
): Promise<void> {
  for (;;) {
    const isLast = done.aborted;
    const ended = await firstEnded(profile, names);
    if (ended !== undefined) return records.stop('servers', await failureOf(profile, ended));
    if (isLast) return;
    await pause(done);
  }
}

async function firstEnded(profile: Profile, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if ((await pidByName(profile, name)) === undefined) return name;
  return undefined;
}

async function failureOf(profile: Profile, name: string): Promise<Failure> {
  const reason = `${name} ended while the tests ran; the end of its log:\n${await endOfLog(profile, name)}`;
  return { test: name, reason };
}

async function pause(done: AbortSignal): Promise<void> {
  await sleep(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
}
