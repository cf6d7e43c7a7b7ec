import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { processTerminal } from '../../cli/terminal.ts';
import { createClient } from '../../client/client.ts';
import { required } from '../support/environment.ts';
import { installPackage } from '../support/installed-package.ts';
import { aName } from '../support/job-client.ts';
import { ktr } from '../support/ktr.ts';
import type { KtrRun } from '../support/ktr.ts';
import { createTestFolder } from '../support/trees.ts';

const IMAGE = required('IMAGE_BUSYBOX');
const SERVER = required('API_URL');

const folder = createTestFolder();
let command = '';
before(async () => void (command = await installPackage(folder.path)));
after(() => folder[Symbol.dispose]());

async function published(...args: readonly string[]): Promise<KtrRun> {
  const env = { KTR_SERVER: '', KTR_CONFIG: join(folder.path, 'config.yaml') };
  return await ktr(args, { command, cwd: folder.path, env });
}

/** The words of each command that does something. */
function namesOf({ commands }: Command, before: readonly string[] = []): string[] {
  return commands.flatMap((below) => {
    const words = [...before, below.name()];
    return below.commands.length === 0 ? [words.join(' ')] : namesOf(below, words);
  });
}

function allNames(): string[] {
  const world = { stdin: process.stdin, env: {}, createClient, onInterrupt: () => () => undefined, nowMs: Date.now };
  return namesOf(createProgram({ ...world, terminal: processTerminal(process) }, '', '', () => undefined));
}

test('every command of the published package shows its help', async () => {
  for (const name of allNames()) {
    const { code, stdout, stderr } = await published(...name.split(' '), '--help');
    assert.deepEqual([code, stderr], [0, ''], name);
    assert.match(stdout, new RegExp(`^Usage: ktr.* ${name.split(' ').at(-1)}`), name);
  }
});

test('every command of the published package does its work', async () => {
  mkdirSync(join(folder.path, 'in'));
  writeFileSync(join(folder.path, 'in', 'a.txt'), 'one\n');
  const [ran, submitted] = [aName('published'), aName('published')];
  const job = (name: string) => ['--image', IMAGE, '--name', name, '--input', 'in', '--grace', '1s'];
  const calls: readonly (readonly [name: string, args: readonly string[], stdout: RegExp, code?: number])[] = [
    ['login', ['--server', SERVER, '--anonymous'], /^$/],
    ['context ls', [], new RegExp(`\\* +default +${SERVER} +none`)],
    ['context use', ['default'], /^$/],
    ['run', [...job(ran), '--output', 'out', '--', 'cp', '/input/a.txt', '/output'], /^$/],
    ['submit', [...job(submitted), '--', 'sleep', '600'], /^[0-9a-f-]{36}\n$/],
    ['ls', ['-o', 'name'], new RegExp(ran)],
    ['get', [ran], /Status: +succeeded/],
    ['logs', [ran], /^$/],
    ['kill', [submitted], /^$/],
    ['wait', [ran], /^$/],
    ['download', [ran, 'again.zip'], /^$/],
    ['explain', [ran], /is succeeded/],
    ['completion', ['bash'], /complete/],
    ['complete', ['--', 'get', ''], new RegExp(ran)],
    ['context rm', ['default'], /^$/],
    ...['up', 'down', 'status', 'demo'].map((name) => [`dev ${name}`, [], /^$/, 125] as const),
  ];
  for (const [name, args, expected, expectedCode = 0] of calls) {
    const { code, stdout, stderr } = await published(...name.split(' '), ...args);
    assert.equal(code, expectedCode, `${name}: ${stderr}`);
    assert.match(stdout, expected, name);
  }
  assert.equal(readFileSync(join(folder.path, 'out', 'a.txt'), 'utf8'), 'one\n');
  assert.deepEqual(calls.map(([name]) => name).toSorted(), allNames().toSorted());
});
