import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Transform } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { stripVTControlCharacters } from 'node:util';
import type { Ring } from '../rings.ts';

/** What came of a ring or a check. */
export interface RingResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
  /** What failed, so that it can be told once more at the end. */
  readonly failures: readonly string[];
}

/** So many lines of a failure are told at the end; all of them are told where it happens. */
const LINES_OF_A_FAILURE = 12;

/** A file that keeps a server to itself for as long as it runs: the emulator of the bucket answers nobody while it takes 2 GB in. */
const SLOW = /\.slow\.test\.ts$/;

/** Runs every test file of a ring with Node's own runner, each in a process of its own with `environment` added; slow ones last, alone. */
export async function runFiles(
  repository: string,
  ring: Ring,
  environment: Readonly<Record<string, string>>,
): Promise<RingResult> {
  const startedMs = Date.now();
  const { name, folder = name, concurrency, timeoutMs: timeout, settings, testSettings } = ring;
  const files = globSync(join(repository, 'test', folder, '**', '*.test.ts')).sort();
  const TEST_SETTINGS = JSON.stringify(settings ?? {});
  const env = { ...process.env, ...environment, ...settings, ...testSettings, TEST_SETTINGS };
  const options = { timeout, env, execArgv: ['--no-warnings'] };
  const { passed, failed, failures } = await runInTurn([
    { ...options, concurrency, files: files.filter((file) => !SLOW.test(file)) },
    { ...options, concurrency: 1, files: files.filter((file) => SLOW.test(file)) },
  ]);
  // A ring that runs nothing proves nothing.
  return {
    name,
    passed,
    failed: passed + failed === 0 ? 1 : failed,
    durationMs: Date.now() - startedMs,
    failures: failures.map((failure) => `${name}: ${failure}`),
  };
}

type RunOptions = NonNullable<Parameters<typeof run>[0]> & { readonly files: readonly string[] };

async function runInTurn(groups: readonly RunOptions[]): Promise<Pick<RingResult, 'passed' | 'failed' | 'failures'>> {
  let passed = 0;
  let failed = 0;
  const failures: string[] = [];
  for (const options of groups.filter(({ files }) => files.length > 0)) {
    const events = run(options);
    events.on('test:summary', ({ file, counts }) => {
      if (file !== undefined) return;
      passed += counts.passed;
      failed += counts.tests - counts.passed;
    });
    events.on('test:fail', ({ name, details: { error } }) => {
      if (!isOfItsSubtests(error)) failures.push(`${name}\n${firstLinesOf(error)}`);
    });
    const report = events.compose<Transform>(new spec());
    report.pipe(process.stdout, { end: false });
    await new Promise((resolve) => report.once('end', resolve));
  }
  return { passed, failed, failures };
}

/** A test, or a file, that failed because something in it did, which is told by itself. */
function isOfItsSubtests(error: Error): boolean {
  return (error as { failureType?: unknown }).failureType === 'subtestsFailed';
}

function firstLinesOf({ cause, message }: Error): string {
  const told = cause instanceof Error ? (cause.stack ?? cause.message) : message;
  return stripVTControlCharacters(told)
    .split('\n')
    .slice(0, LINES_OF_A_FAILURE)
    .map((line) => `    ${line}`)
    .join('\n');
}
