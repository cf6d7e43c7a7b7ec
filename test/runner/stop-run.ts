import { setTimeout as sleep } from 'node:timers/promises';
import { endAll, ownChildren } from '../../deploy/local/proc.ts';
import { lastLog, pidByName } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import type { Records } from './records.ts';
import type { Failure } from './result.ts';

const LOOK_MS = 1_000;

/** How long a test gets for its clean-up. */
const CHILDREN_END_MS = 3_000;

/** Lines of its log that are shown of a server that has ended. */
const LOG_LINES = 10;

/** Does `work` while servers run: when one ends, the run is stopped, and the failure names the server. */
export async function whileServersRun(
  profile: Profile,
  names: readonly string[],
  records: Records,
  work: () => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  const watching = stopWithServers(profile, names, records, done.signal);
  try {
    await work();
  } finally {
    done.abort();
    await watching;
  }
}

/** Does `work`; when the run is stopped, ends the tests and tools that it has started, so that it comes to its end. */
export async function untilStopped(stopped: AbortSignal, work: () => Promise<void>): Promise<void> {
  const done = new AbortController();
  const end = () => void endChildren(done.signal);
  stopped.addEventListener('abort', end, { once: true });
  try {
    await work();
  } finally {
    stopped.removeEventListener('abort', end);
    done.abort();
  }
}

/** Again and again: while some are ended, another may be starting. */
async function endChildren(done: AbortSignal): Promise<void> {
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
  while (!done.aborted) {
    const ended = await firstEnded(profile, names);
    if (ended !== undefined) return records.stop('servers', await failureOf(profile, ended));
    await pause(done);
  }
}

async function firstEnded(profile: Profile, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if ((await pidByName(profile, name)) === undefined) return name;
  return undefined;
}

async function failureOf(profile: Profile, name: string): Promise<Failure> {
  const lastLines = (await lastLog(profile, name)).trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  return { test: name, reason: `${name} ended while the tests ran; the end of its log:\n${lastLines}` };
}

async function pause(done: AbortSignal): Promise<void> {
  await sleep(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
}
