import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from './process-usage.ts';
import type { ScaledService } from './service.ts';

/** Two looks at each job fit in, and several renewals of the lease. */
const WINDOW_MS = 60_000;
const MEBIBYTE = 1024 ** 2;

/** What the service takes while nothing happens. */
export interface Rest {
  readonly jobs: number;
  readonly memoryMiB: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly requestsPerSecond: number;
}

/** Watches the service for `windows` minutes; one before lets things settle, and does not count. */
export async function watchRest(service: ScaledService, jobs: number, windows: number): Promise<Rest[]> {
  console.error(`\n${jobs} jobs running, at rest`);
  const rests: Rest[] = [];
  for (let at = 0; at <= windows; at += 1) {
    const rest = await watchWindow(service, jobs);
    const { memoryMiB, cpuPercent, requestsPerSecond } = rest;
    console.error(
      `  ${at === 0 ? 'warm-up' : `run ${at}`}: ${memoryMiB.toFixed(0)} MiB, ${cpuPercent.toFixed(1)} % of one core, ` +
        `${requestsPerSecond.toFixed(2)} requests a second`,
    );
    if (at > 0) rests.push(rest);
  }
  return rests;
}

async function watchWindow(service: ScaledService, jobs: number): Promise<Rest> {
  const before = await readingOf(service);
  await sleep(WINDOW_MS);
  const after = await readingOf(service);
  const durationMs = after.atMs - before.atMs;
  return {
    jobs,
    memoryMiB: after.residentBytes / MEBIBYTE,
    cpuPercent: ((after.cpuMs - before.cpuMs) / durationMs) * 100,
    requestsPerSecond: (after.requests - before.requests) / (durationMs / 1000),
  };
}

async function readingOf({ pids, requests }: ScaledService) {
  const count = await requests.count();
  const usages = pids.map(usageOf);
  const sum = (of: 'residentBytes' | 'cpuMs') => usages.reduce((total, usage) => total + usage[of], 0);
  return { atMs: performance.now(), requests: count, residentBytes: sum('residentBytes'), cpuMs: sum('cpuMs') };
}
