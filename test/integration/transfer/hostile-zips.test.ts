import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';
import { rawZip } from '../../support/raw-zips.ts';
import type { RawEntry } from '../../support/raw-zips.ts';
import { runDownload } from '../../support/transfer-run.ts';
import { createTestFolder, describeTree } from '../../support/trees.ts';

const { bucket, options } = await createTestBucket();

const GOOD: RawEntry = { name: 'good', content: 'x' };
const LONG: RawEntry = { name: 'long', content: 'z'.repeat(10_000), isDeflated: true };
const LINK: RawEntry = { name: 'link', content: '/etc', mode: 0o120777 };

/** Each archive with the name that the message must tell. */
const HOSTILE: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
  'an entry that climbs out': [rawZip([GOOD, { name: '../evil' }]), /"\.\.\/evil" leads out of the folder/],
  'an entry that climbs out later': [rawZip([{ name: 'a/../../evil' }]), /"a\/\.\.\/\.\.\/evil"/],
  'an absolute entry': [rawZip([{ name: '/tmp/evil' }]), /"\/tmp\/evil" has an absolute name/],
  'a drive letter': [rawZip([{ name: 'C:/evil' }]), /"C:\/evil" has an absolute name/],
  'a backslash': [rawZip([{ name: '..\\evil' }]), /has a backslash/],
  'a NUL': [rawZip([{ name: 'a\0.txt' }]), /has a NUL/],
  'an entry without a name': [rawZip([{ name: '' }]), /has no name/],
  'a link': [rawZip([GOOD, LINK]), /"link" is a link/],
  'an entry that writes through a link': [rawZip([LINK, { name: 'link/evil' }]), /"link" is a link/],
  'a device': [rawZip([{ name: 'dev', mode: 0o20666 }]), /"dev" is neither a file nor a folder/],
  'a FIFO': [rawZip([{ name: 'fifo', mode: 0o10666 }]), /"fifo" is neither/],
  'a folder that is a file': [rawZip([{ name: 'a/', mode: 0o100644 }]), /"a\/" is neither/],
  'the same name twice': [rawZip([GOOD, GOOD]), /"good" occurs twice/],
  'the same name in two ways': [rawZip([GOOD, { name: './good' }]), /".\/good" occurs twice/],
  'the same folder twice': [
    rawZip([
      { name: 'd/', mode: 0o40755 },
      { name: 'd/', mode: 0o40755 },
    ]),
    /"d\/" occurs twice/,
  ],
  'an entry below a file': [rawZip([GOOD, { name: 'good/evil' }]), /"good\/evil"/],
  'an encrypted entry': [rawZip([{ ...GOOD, isDeflated: true, flags: 1 }]), /"good" is encrypted/],
  'a strongly encrypted entry': [rawZip([{ ...GOOD, flags: 0x41 }]), /encrypt/],
  'a content larger than it says': [rawZip([{ ...LONG, claimedSizeBytes: 10 }]), /"long"/],
  'a content smaller than it says': [rawZip([{ ...LONG, claimedSizeBytes: 20_000 }]), /"long"/],
  'a stored content of another size': [rawZip([{ ...GOOD, claimedSizeBytes: 2 }]), /size mismatch/],
  'a wrong checksum': [rawZip([{ ...LONG, claimedCrc32: 1 }]), /"long" .*CRC-32/],
  'a wrong checksum of an empty file': [rawZip([{ name: 'empty', claimedCrc32: 1 }]), /"empty" .*CRC-32/],
  'bytes that are not deflated': [broken(), /"long"/],
  'a zip cut short': [rawZip([LONG]).subarray(0, -1), /archive/],
  'a zip that lost its beginning': [rawZip([GOOD, LONG]).subarray(20), /archive|good/],
  'no zip at all': [Buffer.from('hello'), /archive/],
  'nothing at all': [Buffer.alloc(0), /archive/],
};

function broken(): Buffer {
  const zip = rawZip([LONG]);
  zip.fill(0xff, 34, 40);
  return zip;
}

for (const [what, [zip, message]] of Object.entries(HOSTILE)) {
  test(`${what} is refused by name, and nothing leaves the folder`, async () => {
    using parent = createTestFolder();
    using to = createTestFolder();
    const stored = await bucket.write(`hostile/${what}.zip`, Readable.from([zip]));
    const { exitCode, report, output } = await runDownload({ options, folder: to.path }, stored);
    assert.equal(exitCode, 1);
    assert.ok(report?.ok === false, output);
    assert.equal(report.reason, 'InputInvalid', output);
    assert.match(report.message, message);
    assert.deepEqual(describeTree(parent.path), {});
    assert.ok(!Object.keys(describeTree(to.path)).some((name) => name.includes('evil') || name.includes('link')));
  });
}

test('a zip without Unix modes gets the usual ones, and folders that it leaves out', async () => {
  using to = createTestFolder();
  const zip = rawZip([
    { name: 'a/b', content: 'x', mode: 0 },
    { name: 'c/', mode: 0 },
  ]);
  const stored = await bucket.write('dos.zip', Readable.from([zip]));
  await runDownload({ options, folder: to.path }, stored);
  assert.deepEqual(describeTree(to.path), { a: '755 folder', 'a/b': '644 file x', c: '755 folder' });
});
