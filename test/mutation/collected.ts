/** In the place of `node:test`: keeps the tests of a file, so that they can be run again and again. */
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** The part of a test's context that unit tests use. */
type Context = Pick<TestContext, 'signal' | 'mock' | 'waitFor'> & { readonly after: (undo: () => unknown) => void };

type Body = (context: Context) => unknown;

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
export function test(name: string, body: Body): void {
  tests.push({ id: [...path, name].join(' › '), file: path[0] ?? '', run: () => runBody(body) });
}

async function runBody(body: Body): Promise<void> {
  // The name `node:test` leads here.
  const { mock } = process.getBuiltinModule('node:test');
  const undos: (() => unknown)[] = [];
  const stop = new AbortController();
  try {
    await body({ signal: stop.signal, mock, waitFor, after: (undo) => void undos.push(undo) });
  } finally {
    stop.abort();
    mock.reset();
    for (const undo of undos) await undo();
  }
}

const WAIT_MS = 1_000;

/** Repeats `isMet` until it throws no error. */
const waitFor = async <T>(isMet: () => T): Promise<Awaited<T>> => {
  for (const endMs = Date.now() + WAIT_MS; ; await delay(50)) {
    try {
      return await isMet();
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
};

/** Imports a file, and keeps its tests. */
export async function collect(file: string, url: string): Promise<void> {
  path = [file];
  await import(url);
}

/** All tests that were kept, in their order. */
export function collected(): readonly Collected[] {
  return tests;
}
