import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import packageJson from '../../../package.json' with { type: 'json' };
import { installPackage } from '../../support/installed-package.ts';
import { createTestFolder } from '../../support/trees.ts';

const runFile = promisify(execFile);
const BINARIES = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin');

/** As somebody compiles who uses the client. */
const STRICT = {
  noEmit: true,
  strict: true,
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024', 'dom'],
  types: [],
};

/** What somebody writes who uses the client; it must be right by its types. */
const USE = `
import { createClient } from 'kubernetes-task-runner/client';
const client = createClient({ url: 'http://127.0.0.1:1' });
const name: string = await client.get('a', { maxTries: 1 }).then((job) => job.name, (error: Error) => error.name);
console.log(name);
`;

test('it is installed without the service, and gives a command and a typed client', async () => {
  using folder = createTestFolder();
  const command = await installPackage(folder.path);
  const { stdout: version } = await runFile(command, ['--version']);
  assert.equal(version, `${packageJson.version}\n`);

  writeFileSync(join(folder.path, 'use.ts'), USE);
  writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, include: ['use.ts'] }));
  await runFile(join(BINARIES, 'tsc'), ['--project', '.'], { cwd: folder.path });
  const { stdout } = await runFile(process.execPath, ['use.ts'], { cwd: folder.path });
  assert.equal(stdout, 'ServiceUnreachable\n');
});
