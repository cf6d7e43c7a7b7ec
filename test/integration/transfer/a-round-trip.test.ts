import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { execFileSync } from 'node:child_process';
import type { StoredObject } from '../../../workflows/contract.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import { createTestFolder, describeTree, sharedWithGroup } from '../../support/trees.ts';

const { bucket, options } = await createTestBucket();

const ODD_NAMES = [
  'with space',
  `"double" and 'single'`,
  'new\nline',
  '🦊/ünï/ß',
  '-rf',
  '--help',
  '.hidden',
  '...',
  '..a',
  '$(id) `id` *?[x]|;&',
  'ab:c',
  '%5C',
  `${'x'.repeat(200)}.txt`,
  Array.from({ length: 40 }, (_, depth) => `deep${depth}`).join('/'),
];

/** Uploads one folder, downloads what came of it to another, and describes both. */
async function roundTrip(from: string, object: string): Promise<{ stored: StoredObject; files: number; to: object }> {
  using to = createTestFolder();
  const up = await runUpload({ options, folder: from }, object);
  assert.ok(up.report?.ok, up.output);
  const { sizeBytes, crc32c, files } = up.report;
  const stored = { object, sizeBytes, crc32c };
  assert.deepEqual(await bucket.stat(object), stored);
  const down = await runDownload({ options, folder: to.path }, stored);
  assert.deepEqual(down.report, { ok: true, ...stored, files }, down.output);
  assert.equal(down.exitCode, 0);
  return { stored, files, to: describeTree(to.path) };
}

function put(root: string, name: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
  chmodSync(join(root, name), mode);
}

test('names, contents, modes and empty folders come back as they were, and the group may read what the owner may', async () => {
  using from = createTestFolder();
  ODD_NAMES.forEach((name) => put(from.path, name, `content of ${name}`));
  put(from.path, 'empty file', '');
  put(from.path, 'binary', Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7919) % 256)));
  for (const mode of [0o400, 0o600, 0o640, 0o755, 0o777]) put(from.path, `modes/${mode.toString(8)}`, 'x', mode);
  mkdirSync(join(from.path, 'empty folder/within'), { recursive: true });
  mkdirSync(join(from.path, 'sticky'), { mode: 0o700 });
  chmodSync(join(from.path, 'sticky'), 0o700);
  put(from.path, 'read only folder/file', 'x');
  chmodSync(join(from.path, 'read only folder'), 0o555);
  const { to } = await roundTrip(from.path, 'odd.zip');
  assert.deepEqual(to, sharedWithGroup(describeTree(from.path)));
});

test('a name that no zip can carry is changed, not lost', async () => {
  using from = createTestFolder();
  for (const name of ['C:x', 'a\\b', Buffer.from([0x61, 0xff])]) {
    writeFileSync(Buffer.concat([Buffer.from(`${from.path}/`), Buffer.from(name)]), 'x');
  }
  const { to } = await roundTrip(from.path, 'changed.zip');
  assert.deepEqual(Object.keys(to), ['C%3Ax', 'a%5Cb', 'a%FF']);
});

test('the bits that change who a program runs as do not travel', async () => {
  using from = createTestFolder();
  put(from.path, 'setuid', 'x', 0o4755);
  put(from.path, 'setgid', 'x', 0o2755);
  const { to } = await roundTrip(from.path, 'bits.zip');
  assert.deepEqual(to, { setgid: '755 file x', setuid: '755 file x' });
});

test('an empty folder makes an empty zip', async () => {
  using from = createTestFolder();
  const { files, stored, to } = await roundTrip(from.path, 'empty.zip');
  assert.deepEqual([files, stored.sizeBytes, to], [0, 22, {}]);
});

test('links to the outside, sockets and FIFOs stay behind, and no link is followed', async () => {
  using from = createTestFolder();
  using outside = createTestFolder();
  put(outside.path, 'secret', 'secret');
  put(from.path, 'kept', 'x');
  symlinkSync(join(outside.path, 'secret'), join(from.path, 'link to a file'));
  symlinkSync(outside.path, join(from.path, 'link to a folder'));
  execFileSync('mkfifo', [join(from.path, 'fifo')]);
  const server = createServer().listen(join(from.path, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  const { files, to } = await roundTrip(from.path, 'special.zip');
  server.close();
  assert.deepEqual([files, to], [1, { kept: '644 file x' }]);
});

test('10,000 small files come back', async () => {
  using from = createTestFolder();
  for (let index = 0; index < 10_000; index += 1) put(from.path, `${index % 100}/${index}`, `file ${index}`);
  const { files, to } = await roundTrip(from.path, 'many.zip');
  assert.equal(files, 10_100);
  assert.deepEqual(to, sharedWithGroup(describeTree(from.path)));
});

test('the same tree makes the same zip, and a second upload of it finds it done', async () => {
  using from = createTestFolder();
  using copy = createTestFolder();
  for (const root of [from.path, copy.path]) {
    // Made in another order, in another place: neither may show.
    for (const name of root === from.path ? ['b', 'a/c', 'ü'] : ['ü', 'b', 'a/c']) {
      put(root, name, `content of ${name}`);
      utimesSync(join(root, name), 1_000_000_000, 1_000_000_000);
    }
    utimesSync(join(root, 'a'), 1_000_000_000, 1_000_000_000);
  }
  const { stored } = await roundTrip(from.path, 'same.zip');
  const again = await runUpload({ options, folder: copy.path }, 'same.zip');
  assert.deepEqual(again.report, { ok: true, ...stored, files: 4 });
});

test('an upload does not replace another content', async () => {
  using from = createTestFolder();
  put(from.path, 'a', '1');
  const { stored } = await roundTrip(from.path, 'taken.zip');
  put(from.path, 'a', '2');
  const again = await runUpload({ options, folder: from.path }, 'taken.zip');
  assert.equal(again.exitCode, 1);
  assert.ok(again.report?.ok === false && again.report.reason === 'OutputUploadFailed', again.output);
  assert.deepEqual(await bucket.stat('taken.zip'), stored);
});

test('what an interrupted download left behind is in nobody’s way', async () => {
  using from = createTestFolder();
  using to = createTestFolder();
  put(from.path, 'a/b', 'whole');
  const { stored } = await roundTrip(from.path, 'again.zip');
  put(to.path, 'a/b', 'ha', 0o400);
  put(to.path, mkdtempSync(join(to.path, 'x')).slice(to.path.length + 1) + '/left', 'over');
  const down = await runDownload({ options, folder: to.path }, stored);
  assert.equal(down.exitCode, 0, down.output);
  assert.deepEqual(Object.keys(describeTree(to.path)), ['a', 'a/b']);
});
