import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { makePackage } from '../../deploy/package.ts';
import { textOf } from '../support/compose.ts';
import { runCommandsOf } from '../support/documented-commands.ts';
import { fetchPythonPackages } from '../support/python-packages.ts';
import { createTestFolder } from '../support/trees.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

const runFile = promisify(execFile);

/** The example of a language in the document, for files in `folder`. */
function exampleOf(language: string, folder: string): string {
  const [, example = ''] = new RegExp(`\n\`\`\`${language}\n([^]*?)\n\`\`\`\n`).exec(textOf('docs/clients.md')) ?? [];
  assert.ok(example.includes('/tmp/words.zip'), `docs/clients.md has no example for ${language}`);
  return example.replaceAll('/tmp/', `${folder}/`);
}

async function withWords(use: (folder: string) => Promise<unknown>): Promise<void> {
  using folder = createTestFolder();
  writeFileSync(join(folder.path, 'words.zip'), await zipOf({ 'hamlet.txt': { content: 'To be, or not to be\n' } }));
  await use(folder.path);
  const files = await entriesOf(readFileSync(join(folder.path, 'words-output.zip')));
  assert.equal(files['words.txt']?.content.trim(), '6 /input/hamlet.txt');
}

test('the example of curl brings the output of a job', async () => {
  await withWords((folder) => runCommandsOf('docs/clients.md', folder));
});

test('the example of Python brings the output of a job', async () => {
  const { env } = await fetchPythonPackages('requests', join(import.meta.dirname, 'requirements.txt'));
  const withPackages = { env: { ...process.env, ...env } };
  await withWords((folder) => runFile('python3', ['-c', exampleOf('python', folder)], withPackages));
});

test('the example of TypeScript brings the output of a job', async () => {
  await withWords(async (folder) => {
    const installed = join(folder, 'node_modules', 'kubernetes-task-runner');
    mkdirSync(join(installed, '..'), { recursive: true });
    await makePackage(installed);
    symlinkSync(join(import.meta.dirname, '../../node_modules/openapi-fetch'), join(installed, '..', 'openapi-fetch'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(join(folder, 'example.ts'), exampleOf('ts', folder));
    await runFile(process.execPath, ['example.ts'], { cwd: folder });
  });
});
