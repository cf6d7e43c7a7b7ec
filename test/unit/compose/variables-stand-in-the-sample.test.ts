import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { textOf, variablesOf } from '../../support/compose.ts';

const sample = parseEnv(textOf('.env.sample'));
const used = variablesOf(textOf('docker-compose.yml'));

test('every variable that the file uses stands in .env.sample', () => {
  assert.ok(used.length > 0);
  assert.deepEqual(
    used.filter((name) => !(name in sample)),
    [],
  );
});

test('every variable that the file cannot do without has a value in .env.sample', () => {
  const required = [...textOf('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name ?? '');
  assert.ok(required.length > 0);
  for (const name of [...required, 'API_PORT']) assert.notEqual(sample[name] ?? '', '', name);
});

test('variables are found in braces and without, but not behind a doubled dollar', () => {
  assert.deepEqual(variablesOf('a: ${A}\nb: ${B:?say it}\nc: $C\nd: $$D\n# e: ${E}\n'), ['A', 'B', 'C']);
});
