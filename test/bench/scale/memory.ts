import type { Closing } from '../../support/scope.ts';
import { spreadOf } from '../figure.ts';
import { usageOf } from './process-usage.ts';

const SAMPLE_MS = 1_000;

/** What was resident when so many jobs had been accepted. */
export interface MemorySample {
  readonly jobs: number;
  readonly bytes: number;
}

/** Looks every second at what some processes have, until it is called, or `scope` ends. @returns what was seen */
export function watchMemory(
  scope: Closing,
  pids: readonly number[],
  jobs: () => number,
): () => readonly MemorySample[] {
  const samples: MemorySample[] = [];
  const look = () => {
    const bytes = pids.reduce((sum, pid) => sum + usageOf(pid).residentBytes, 0);
    samples.push({ jobs: jobs(), bytes });
  };
  const sampler = setInterval(look, SAMPLE_MS);
  scope.after(() => clearInterval(sampler));
  return () => {
    clearInterval(sampler);
    look();
    return samples;
  };
}

/**
 * The memory at the end over that at the beginning: the medians of what was seen while the last tenth of all jobs came, and while the second
 * did. By then what is kept of each job, if anything is, is ten times as much, and what is warmed up is warm. Pure.
 */
export function flatness(samples: readonly MemorySample[], jobs: number): number {
  const medianOf = (from: number, to: number) => {
    const seen = samples.filter((sample) => sample.jobs >= from * jobs && sample.jobs <= to * jobs);
    return seen.length === 0 ? NaN : spreadOf(seen.map(({ bytes }) => bytes)).median;
  };
  return medianOf(0.9, 1) / medianOf(0.1, 0.2);
}
