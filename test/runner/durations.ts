import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunResult } from './result.ts';
import { CHECKS_SUITE } from './run-check.ts';

const FILE = join(import.meta.dirname, '..', 'durations.json');

/** Files that are quicker than this are not worth an entry. */
const MIN_RECORDED_MS = 5_000;

/** What a run without an entry is taken to last. */
const DEFAULT_MS = 2_000;

/** How long a run is expected to last, by its name; it decides about order and estimates alone. */
export type ExpectedMs = (name: string) => number;

/** Reads `test/durations.json`: seconds by the name of a run. */
export function readDurations(): ExpectedMs {
  const seconds = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, number>>;
  return (name) => (seconds[name] === undefined ? DEFAULT_MS : seconds[name] * 1000);
}

/** Writes the durations of all test files anew. */
export async function writeDurations(results: readonly RunResult[]): Promise<void> {
  const isRecorded = ({ suite, durationMs }: RunResult) => suite !== CHECKS_SUITE && durationMs >= MIN_RECORDED_MS;
  const recorded = results.filter(isRecorded);
  const entries = recorded.map(({ name, durationMs }) => [name, Math.round(durationMs / 1000)] as const);
  const sorted = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(FILE, `${JSON.stringify(sorted, undefined, 2)}\n`);
}
