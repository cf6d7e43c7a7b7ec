import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { stripVTControlCharacters } from 'node:util';
import { VARIANT_VARIABLE } from '../support/variants.ts';
import type { FileRun } from './plan.ts';
import type { Failure, RunResult } from './result.ts';

const TESTS = join(import.meta.dirname, '..');

/** Most of a short file's time is compiling what it imports; Node keeps that from one process for the next. */
const NODE_COMPILE_CACHE = join(TESTS, '..', 'node_modules', '.cache', 'compiled');

/** Lines of a reason that the report shows; the log of the file has all of them. */
const REASON_LINES = 15;

/** What a file may take for its clean-up after its time is over. */
const END_MS = 30_000;

/** Name of a run in reports and of its log. */
export function nameOf({ path, variant }: FileRun): string {
  return variant === 'claims' ? path : `${path} (${variant})`;
}

/**
 * Runs one test file by Node's own runner, in a process of its own.
 * @param environment of the test, on top of that of this process
 * @param logFolder gets all that the file prints, in the form of the reporter `spec`
 */
export async function runFile(
  fileRun: FileRun,
  environment: Readonly<Record<string, string>>,
  logFolder: string,
): Promise<RunResult> {
  const startedMs = Date.now();
  const { suite, path, variant } = fileRun;
  const env = { ...process.env, NODE_COMPILE_CACHE, ...environment, [VARIANT_VARIABLE]: variant };
  const failures: Failure[] = [];
  const counts = { passed: 0, tests: 0 };
  const options = { timeout: suite.timeoutMs, ...endAfter(suite.timeoutMs + END_MS), env, execArgv: ['--no-warnings'] };
  const events = run({ files: [join(TESTS, path)], ...options });
  events.on('test:summary', ({ file, counts: all }) => void (file === undefined && Object.assign(counts, all)));
  events.on('test:fail', ({ name, details: { error } }) => {
    if (!isOfSubtests(error)) failures.push({ test: name, reason: reasonOf(error) });
  });
  if (suite.showsOutput) events.on('test:stdout', ({ message }) => void process.stdout.write(message));
  await pipeline(events.compose<NodeJS.ReadWriteStream>(new spec()), await openLog(logFolder, nameOf(fileRun)));
  return { suite: suite.name, name: nameOf(fileRun), ...judged(counts, failures), durationMs: Date.now() - startedMs };
}

/** `timeout` ends a test, but not a process that goes on after it. */
function endAfter(timeoutMs: number): { readonly signal?: AbortSignal } {
  return Number.isFinite(timeoutMs) ? { signal: AbortSignal.timeout(timeoutMs) } : {};
}

/** A file without a test proves nothing, and fails. */
function judged({ passed, tests }: { passed: number; tests: number }, failures: readonly Failure[]) {
  if (tests === 0 && failures.length === 0)
    return { passed, failed: 1, failures: [{ test: 'the file', reason: 'it has no test' }] };
  return { passed, failed: tests - passed, failures };
}

async function openLog(folder: string, name: string) {
  const path = join(folder, `${name}.log`);
  await mkdir(dirname(path), { recursive: true });
  return createWriteStream(path);
}

/** A test that failed because of its subtests, which are reported themselves. */
function isOfSubtests(error: Error): boolean {
  return (error as { failureType?: unknown }).failureType === 'subtestsFailed';
}

function reasonOf({ cause, message }: Error): string {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : message;
  return stripVTControlCharacters(text).split('\n').slice(0, REASON_LINES).join('\n');
}
