import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { listFolder, sizeOf, zipOf } from '../../../cli/job/zip-folder.ts';
import { createTestFolder } from '../../support/trees.ts';
import { entriesOf } from '../../support/zip-entries.ts';

/** Makes files by name; a name that ends with a slash is a folder. */
function fill(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : join(path, '..'), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
}

async function namesIn(root: string): Promise<string[]> {
  return (await listFolder(root)).map(({ name }) => name);
}

test('files and folders are sent, also empty ones, with their content and mode', async () => {
  using folder = createTestFolder();
  fill(folder.path, { 'a.txt': 'one', 'in/b.txt': 'two', 'empty/': '' });
  writeFileSync(join(folder.path, 'run.sh'), 'true', { mode: 0o755 });
  const zip = await buffer(
    zipOf(
      await listFolder(folder.path),
      () => undefined,
      () => undefined,
    ),
  );
  const found = await entriesOf(zip);
  assert.deepEqual(Object.keys(found), ['a.txt', 'empty/', 'in/', 'in/b.txt', 'run.sh']);
  assert.deepEqual([found['a.txt']?.content, found['in/b.txt']?.content], ['one', 'two']);
  assert.equal(found['run.sh']?.mode, 0o755);
});

test('what .ktrignore names is left out, and so is that file', async () => {
  using folder = createTestFolder();
  fill(folder.path, {
    '.ktrignore': '# comment\n*.log\n/build/\n!keep.log\n',
    'a.log': '',
    'keep.log': '',
    'build/x': '',
    'in/build/y': '',
  });
  assert.deepEqual(await namesIn(folder.path), ['in/', 'in/build/', 'in/build/y', 'keep.log']);
});

test('a link to a file is sent as the file', async () => {
  using folder = createTestFolder();
  fill(folder.path, { 'a.txt': 'one' });
  symlinkSync('a.txt', join(folder.path, 'b.txt'));
  assert.deepEqual(await namesIn(folder.path), ['a.txt', 'b.txt']);
});

test('a link to a folder is refused: what is behind it may have no end', async () => {
  using folder = createTestFolder();
  symlinkSync('.', join(folder.path, 'again'));
  await assert.rejects(listFolder(folder.path), { name: 'UsageError', message: /again is a link to a folder/ });
});

test('progress is told of the bytes of the files', async () => {
  using folder = createTestFolder();
  fill(folder.path, { a: 'x'.repeat(100_000), 'in/b': 'y'.repeat(50) });
  const entries = await listFolder(folder.path);
  let [sent, begun] = [0, 0];
  const send = () =>
    buffer(
      zipOf(
        entries,
        (sizeBytes) => (sent += sizeBytes),
        () => (begun += 1),
      ),
    );
  await send();
  assert.deepEqual([sizeOf(entries), sent, begun], [100_050, 100_050, 1]);
  await send();
  assert.equal(begun, 2);
});

test('a file that goes away on the way ends the zip as a broken one', async () => {
  using folder = createTestFolder();
  fill(folder.path, { a: 'x' });
  const entries = await listFolder(folder.path);
  entries.push({ ...(entries[0] as (typeof entries)[number]), name: 'gone', path: join(folder.path, 'gone') });
  await assert.rejects(
    buffer(
      zipOf(
        entries,
        () => undefined,
        () => undefined,
      ),
    ),
    { code: 'ENOENT' },
  );
});

for (const [name, says] of [
  ['a\\b', /a\\b has a backslash in its name/],
  ['C:x', /C:x has an absolute name/],
] as const)
  test(`the name ${name}, by which the input would be refused, is refused before anything is sent`, async () => {
    using folder = createTestFolder();
    fill(folder.path, { [name]: 'x' });
    await assert.rejects(listFolder(folder.path), says);
    writeFileSync(join(folder.path, '.ktrignore'), name === 'C:x' ? 'C:*' : 'a*');
    assert.deepEqual(await namesIn(folder.path), []);
  });

test('a link that leads to nothing is named', async () => {
  using folder = createTestFolder();
  symlinkSync('nowhere', join(folder.path, 'dangling'));
  await assert.rejects(
    listFolder(folder.path),
    /dangling is a link to nothing, which is not sent; name it in \.ktrignore/,
  );
});
