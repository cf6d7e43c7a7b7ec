import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { allPids, readStat } from '../../deploy/local/proc.ts';
import { pidByName } from '../../deploy/local/processes.ts';
import type { Profile } from '../../deploy/local/profile.ts';
import { PROGRAM_NAMES } from '../../deploy/local/programs.ts';
import { METRIC_PREFIX } from '../../metrics.ts';
import { required } from '../support/environment.ts';
import { rounded } from './growth.ts';
import type { Bound, Sample } from './growth.ts';
import { say } from './say.ts';

const INTERVAL_MS = 60_000;

/** What may grow between the first and the last third of the samples: caches fill, and jobs come and go. */
export const BOUNDS: Readonly<Record<string, Bound>> = {
  'MiB of api': { ratio: 1.25, slack: 40 },
  'MiB of worker': { ratio: 1.25, slack: 80 },
  'files of api': { ratio: 1, slack: 40 },
  'files of worker': { ratio: 1, slack: 40 },
  'open watches': { ratio: 1, slack: 1 },
  'seconds of lag': { ratio: 2, slack: 2 },
};

/** Measures our two processes once a minute until `signal` aborts, and says each time what it has seen. */
export async function sampleUntil(profile: Profile, signal: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  const lagSince = createMeanLag();
  while (!signal.aborted) {
    const sample = { ...(await processesOf(profile)), ...(await watchingOf(lagSince)) };
    samples.push(sample);
    say(
      Object.entries(sample)
        .map(([name, value]) => `${rounded(value)} ${name}`)
        .join(', '),
    );
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  return samples;
}

/** Memory and open files, sockets among them. A process that is away, or goes away meanwhile, is left out. */
async function processesOf(profile: Profile): Promise<Sample> {
  const each = PROGRAM_NAMES.map(async (name) => {
    const leader = await pidByName(profile, name);
    if (leader === undefined) return {};
    const largest = (await Promise.all((await groupOf(leader)).map(measured))).reduce((a, b) =>
      a.mib > b.mib ? a : b,
    );
    return { [`MiB of ${name}`]: largest.mib, [`files of ${name}`]: largest.files };
  });
  const settled = await Promise.allSettled(each);
  return Object.assign({}, ...settled.map((result) => (result.status === 'fulfilled' ? result.value : {}))) as Sample;
}

/** Our program is the largest of its group: the others are what started it. */
async function groupOf(leader: number): Promise<number[]> {
  const pids = await allPids();
  const stats = await Promise.all(pids.map(async (pid) => [pid, await readStat(pid)] as const));
  return stats.filter(([, stat]) => stat?.group === leader).map(([pid]) => pid);
}

async function measured(pid: number): Promise<{ readonly mib: number; readonly files: number }> {
  const [status, files] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`)]);
  return { mib: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024, files: files.length };
}

/** What the worker tells of its watches; nothing while it is away. */
async function watchingOf(lagSince: ReturnType<typeof createMeanLag>): Promise<Sample> {
  try {
    const response = await fetch(`${required('WORKER_URL')}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    const lag = lagSince(sumOf(text, 'watch_lag_seconds_sum'), sumOf(text, 'watch_lag_seconds_count'));
    return { 'open watches': sumOf(text, 'watches_open'), ...(lag !== undefined && { 'seconds of lag': lag }) };
  } catch {
    return {};
  }
}

/** Of a histogram that is only summed up: the mean since the last call; undefined when nothing was added. */
function createMeanLag() {
  let [lastSum, lastCount] = [0, 0];
  return (sum: number, count: number): number | undefined => {
    // Another process counts from 0 on.
    const [sumBefore, countBefore] = count < lastCount ? [0, 0] : [lastSum, lastCount];
    [lastSum, lastCount] = [sum, count];
    return count === countBefore ? undefined : (sum - sumBefore) / (count - countBefore);
  };
}

/** The sum of a metric over its labels. */
function sumOf(text: string, name: string): number {
  const lines = text.matchAll(new RegExp(`^${METRIC_PREFIX}${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}
