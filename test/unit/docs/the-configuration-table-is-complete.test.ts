import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HelpRequested, loadApiConfig, loadWorkerConfig } from '../../../config.ts';
import { readersOf } from '../../../config/settings.ts';
import { codeIn, tableRows } from '../../support/markdown.ts';

/** Each setting that a process's `--help` lists, with its default; '' when it has none. */
function settingsOf(load: typeof loadApiConfig | typeof loadWorkerConfig): ReadonlyMap<string, string> {
  const help = helpOf(load).replaceAll(/\s+/g, ' ');
  const settings = [...help.matchAll(/--[a-z-]+ <value> ([A-Z_]+): (.*?)(?= --[a-z]| -h,|$)/g)];
  return new Map(
    settings.map(([, name = '', text = '']) => [name, /\(default: ([^\s)]+)\)/.exec(text)?.[1] ?? ''] as const),
  );
}

function helpOf(load: (argv: readonly string[], env: Record<string, string>) => unknown): string {
  try {
    load(['--help'], {});
  } catch (error) {
    if (error instanceof HelpRequested) return error.message;
    throw error;
  }
  return '';
}

const api = settingsOf(loadApiConfig);
const worker = settingsOf(loadWorkerConfig);
const rows = new Map(tableRows('README.md', '## Configuration').map((row) => [codeIn(row[0]), row] as const));

test('every setting that the programs know stands in the table of README.md', () => {
  const known = new Set([...api.keys(), ...worker.keys()]);
  assert.ok(known.size > 20);
  assert.deepEqual(
    [...known].filter((name) => !rows.has(name)),
    [],
  );
});

test('the table names no setting that nobody reads', () => {
  const unknown = [...rows.keys()].filter((name) => name !== '' && !api.has(name) && !worker.has(name));
  assert.deepEqual(unknown, []);
});

test('both programs list the same', () => {
  assert.deepEqual([...worker], [...api]);
});

test('the table says which process reads a setting', () => {
  for (const name of api.keys()) assert.equal(rows.get(name)?.[1], readersOf(name), name);
});

test('the table tells the defaults that the programs have', () => {
  for (const [name, fallback] of [...api, ...worker]) {
    if (fallback !== '') assert.equal(codeIn(rows.get(name)?.[2]), fallback, name);
  }
});
