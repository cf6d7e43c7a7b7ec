import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTransferError } from '../../../transfer/errors.ts';
import { INSIDE_LINKS, packed, plantLinks } from '../../support/links.ts';
import { rawZip } from '../../support/raw-zips.ts';
import type { RawEntry } from '../../support/raw-zips.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';
import { WAYS_TO_UNPACK } from '../../support/ways-to-unpack.ts';

const LINK_MODE = 0o120777;
const unpack = WAYS_TO_UNPACK['from a file'];

test('relative links that stay inside an output come back as links', async () => {
  using from = createTestFolder();
  using place = createTestFolder();
  plantLinks(from.path);
  const { zip, skipped } = await packed(from.path);
  assert.equal(skipped.count, 0);
  const to = join(place.path, 'input');
  mkdirSync(to);
  const { files } = await unpack(zip, place.path, { allowsLinks: true });
  assert.equal(files, 3 + Object.keys(INSIDE_LINKS).length);
  assert.equal(readFileSync(join(to, 'through a link'), 'utf8'), 'x');
  assert.equal(statSync(join(to, 'folder/deeper')).mode & 0o777, 0o555);
  for (const [name, target] of Object.entries(INSIDE_LINKS)) assert.equal(readlinkSync(join(to, name)), target);
});

/** Links that are not kept: name, target, and what is said of it. */
const LEFT_OUT: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['link', '/etc/passwd', /is an absolute link$/],
  ['link', '..', /leads out of the folder$/],
  ['folder/link', '../../a', /leads out of the folder$/],
  ['folder/link', './.././../a', /leads out of the folder$/],
  // Where `other` leads nobody knows.
  ['link', 'other/../a', /leads out of the folder$/],
  ['link', 'a\\b', /another one in a zip$/],
  ['link', Buffer.from([0x61, 0xff]), /another one in a zip$/],
];

for (const [name, target, fault] of LEFT_OUT) {
  test(`the link ${name} to ${JSON.stringify(target.toString())} is left out and named, and refused where it comes in a zip`, async () => {
    using from = createTestFolder();
    mkdirSync(join(from.path, 'folder'));
    symlinkSync(target, join(from.path, name));
    const { skipped } = await packed(from.path);
    assert.equal(skipped.count, 1);
    assert.match(skipped.examples[0] ?? '', fault);
    await assertRefused([{ name, content: target, mode: LINK_MODE }], fault);
  });
}

async function assertRefused(entries: readonly RawEntry[], fault: RegExp): Promise<void> {
  using place = createTestFolder();
  mkdirSync(join(place.path, 'input'));
  writeFileSync(join(place.path, 'canary'), 'alive');
  await assert.rejects(unpack(rawZip([...entries]), place.path, { allowsLinks: true }), (error) => {
    assert.ok(isTransferError(error), String(error));
    assert.match(error.message, fault);
    return true;
  });
  const left = Object.entries(describeTree(place.path)).filter(([name]) => !name.startsWith('input'));
  assert.deepEqual(left, [['canary', '644 file alive']]);
}

test('nothing is written through a link of a zip, and nothing takes the place of another entry', async () => {
  const link = { name: 'link', content: 'folder', mode: LINK_MODE };
  await assertRefused([link, { name: 'link/evil', content: 'x' }], /"link" occurs twice/);
  await assertRefused([{ name: 'link/evil', content: 'x' }, link], /"link" occurs twice/);
  await assertRefused([{ name: 'link', content: 'x' }, link], /"link" occurs twice/);
  await assertRefused([link, { ...link, content: 'other' }], /"link" occurs twice/);
});

test('a link whose target is too long, holds a NUL or is empty, and one that is named like a folder are refused', async () => {
  const link = { name: 'link', mode: LINK_MODE };
  await assertRefused([{ ...link, content: 'a/'.repeat(2048) }], /too long a target/);
  await assertRefused([{ ...link, content: 'a\0b' }], /another one in a zip/);
  await assertRefused([{ ...link, content: '' }], /another one in a zip/);
  await assertRefused([{ ...link, name: 'link/', content: 'a' }], /is a link with the name of a folder/);
});
