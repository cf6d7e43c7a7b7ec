import prettyMs from 'pretty-ms';
import { isPassed } from './result.ts';
import type { Failure, RunResult } from './result.ts';

const SLOWEST = 10;

/** Milliseconds of each suite and of each start of servers, by name. */
export type Laps = ReadonlyMap<string, number>;

/** What a person reads at the end: a line for each suite, the slowest files, and each failure once. Pure. */
export function reportOf(laps: Laps, results: readonly RunResult[], evidence: string | undefined): string {
  const failures = results.flatMap((result) => result.failures.map((failure) => failureLines(result, failure)));
  const sections = [
    [...laps].map(([name, durationMs]) => lapLine(name, durationMs, results)).join('\n'),
    `the slowest files\n${slowest(results).map(slowLine).join('\n')}`,
    ...(failures.length > 0 ? [`failures\n${failures.join('\n\n')}`] : []),
    ...(evidence === undefined ? [] : [`what the failures left, to look at: ${evidence}`]),
    `tests: ${sum(results, 'passed')} passed, ${sum(results, 'failed')} failed`,
  ];
  return `\n${sections.join('\n\n')}\n`;
}

function lapLine(name: string, durationMs: number, results: readonly RunResult[]): string {
  const own = results.filter(({ suite }) => suite === name);
  const begin = `${name.padEnd(12)} ${inSeconds(durationMs)}`;
  if (own.length === 0) return begin;
  return `${begin}  ${own.every(isPassed) ? 'ok    ' : 'FAILED'}  ${sum(own, 'passed')} passed, ${sum(own, 'failed')} failed`;
}

function slowest(results: readonly RunResult[]): readonly RunResult[] {
  return results.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
}

function slowLine({ name, durationMs }: RunResult): string {
  return `${inSeconds(durationMs)}  ${name}`;
}

function failureLines({ name }: RunResult, { test, reason }: Failure): string {
  return `${name} › ${test}\n${reason.replaceAll(/^/gm, '    ')}`;
}

function sum(results: readonly RunResult[], of: 'passed' | 'failed'): number {
  return results.reduce((total, result) => total + result[of], 0);
}

function inSeconds(ms: number): string {
  return prettyMs(ms, { secondsDecimalDigits: 0 }).padStart(8);
}
