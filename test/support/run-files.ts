import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Transform } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Ring } from '../rings.ts';

/** What came of a ring or a check. */
export interface RingResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
}

/** Runs every test file of a ring with Node's own runner, each in a process of its own with `environment` added. */
export async function runFiles(
  repository: string,
  ring: Ring,
  environment: Readonly<Record<string, string>>,
): Promise<RingResult> {
  const startedMs = Date.now();
  const { name, folder = name, concurrency, timeoutMs: timeout, settings } = ring;
  const files = globSync(join(repository, 'test', folder, '**', '*.test.ts')).sort();
  const env = { ...process.env, ...environment, ...settings };
  const events = run({ files, concurrency, timeout, env, execArgv: ['--no-warnings'] });
  let passed = 0;
  let failed = 0;
  events.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return;
    passed = counts.passed;
    failed = counts.tests - counts.passed;
  });
  const report = events.compose<Transform>(new spec());
  report.pipe(process.stdout, { end: false });
  await new Promise((resolve) => report.once('end', resolve));
  // A ring that runs nothing proves nothing.
  return { name, passed, failed: passed + failed === 0 ? 1 : failed, durationMs: Date.now() - startedMs };
}
