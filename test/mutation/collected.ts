/** In the place of `node:test`: keeps the tests of a file, so that they can be run again and again. */

/** A test, and where it stands. */
export interface Collected {
  /** File and names; no two tests share one. */
  readonly id: string;
  readonly file: string;
  readonly run: () => unknown;
}

const tests: Collected[] = [];
let path: readonly string[] = [];

/** Keeps what `define` declares, under `name`. */
export function describe(name: string, define: () => void): void {
  const outer = path;
  path = [...outer, name];
  define();
  path = outer;
}

/** Keeps a test. */
export function test(name: string, run: () => unknown): void {
  tests.push({ id: [...path, name].join(' › '), file: path[0] ?? '', run });
}

/** Imports a file, and keeps its tests. */
export async function collect(file: string, url: string): Promise<void> {
  path = [file];
  await import(url);
}

/** All tests that were kept, in their order. */
export function collected(): readonly Collected[] {
  return tests;
}
