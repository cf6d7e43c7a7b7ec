import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zipDirectoryFault, zipFault } from '../../../api/zip-directory.ts';
import { directoryRecord, endOfZip, localHeader } from '../../../transfer/zip-format.ts';
import { aZip, markedEncrypted } from '../../support/input-zips.ts';
import { rawZip } from '../../support/raw-zips.ts';
import type { RawEntry } from '../../support/raw-zips.ts';

const GOOD: RawEntry = { name: 'good', content: 'x' };
const WHOLE = rawZip([GOOD, { name: 'd/', mode: 0o40755 }, { name: 'd/e', content: 'y', isDeflated: true }]);

const USABLE: Record<string, Buffer> = {
  'a whole zip': WHOLE,
  'an empty zip': await aZip({}),
  'a zip with a long comment': await aZip({ a: 'a' }, 'x'.repeat(60_000)),
  'a zip whose content looks like the end of one': await aZip({ a: Buffer.alloc(300_000, 'PK\x05\x06') }),
  'a zip without Unix modes': rawZip([{ name: 'a/b', mode: 0 }]),
  'a folder that is named after its files': rawZip([{ name: 'd/e' }, { name: 'd/', mode: 0o40755 }]),
  'the folder itself': rawZip([
    { name: './', mode: 0o40755 },
    { name: './', mode: 0o40755 },
  ]),
};

for (const [what, zip] of Object.entries(USABLE)) {
  test(`${what} can be unpacked`, async () => assert.equal(await zipFault(zip), undefined));
}

const REFUSED: Record<string, readonly [Buffer, RegExp]> = {
  nothing: [Buffer.alloc(0), /not a whole zip/],
  'a text': [Buffer.from('hello, world, this is no zip file'), /not a whole zip/],
  'a zip without its end': [WHOLE.subarray(0, -1), /not a whole zip/],
  'the start of a zip': [WHOLE.subarray(0, 6), /not a whole zip/],
  'a zip that lost its beginning': [WHOLE.subarray(20), /not a whole zip/],
  'a directory that is shorter than its end says': [withoutRecord(), /not a whole zip/],
  'a directory beyond the end': [withDirectoryAt(1e9), /not a whole zip/],
  'an encrypted entry': [markedEncrypted(await aZip({ secret: 'x' }), true), /"secret" is encrypted/],
  'an encrypted entry after others': [
    rawZip([GOOD, { name: 'secret', flags: 1, isDeflated: true }]),
    /"secret" is enc/,
  ],
  'a strongly encrypted entry': [rawZip([{ ...GOOD, flags: 0x41 }]), /encrypt/],
  'a link': [rawZip([GOOD, { name: 'link', content: '/etc', mode: 0o120777 }]), /"link" is a link/],
  'a device': [rawZip([{ name: 'dev', mode: 0o20666 }]), /"dev" is neither a file nor a folder/],
  'a folder that is a file': [rawZip([{ name: 'a/', mode: 0o100644 }]), /"a\/" is neither/],
  'an entry that climbs out': [rawZip([GOOD, { name: 'a/../../evil' }]), /"a\/..\/..\/evil" leads out/],
  'an absolute entry': [rawZip([{ name: '/tmp/evil' }]), /"\/tmp\/evil" has an absolute name/],
  'a drive letter': [rawZip([{ name: 'C:/evil' }]), /"C:\/evil" has an absolute name/],
  'a backslash': [rawZip([{ name: 'a\\b' }]), /"a\\\\b" has a backslash/],
  'a NUL': [rawZip([{ name: 'a\0.txt' }]), /has a NUL/],
  'an entry without a name': [rawZip([{ name: '' }]), /has no name/],
  'a name that no file can have': [rawZip([{ name: 'x'.repeat(256) }]), /has too long a name/],
  'an entry outside of the file': [rawZip([{ ...GOOD, claimedOffset: 1e6 }]), /"good" lies outside/],
  'an entry that is longer than the file': [withSizes(1e6), /"good" lies outside/],
  'another compression': [rawZip([{ ...GOOD, claimedMethod: 12 }]), /"good" is compressed with bzip2 \(method 12\)/],
  'a stored entry of two sizes': [rawZip([{ ...GOOD, claimedSizeBytes: 2 }]), /"good" has 2 bytes, but 1 /],
  'the same name twice': [rawZip([GOOD, GOOD]), /"good" occurs twice/],
  'the same name in two ways': [rawZip([GOOD, { name: './good' }]), /"\.\/good" occurs twice/],
  'a folder twice': [
    rawZip([
      { name: 'd/', mode: 0o40755 },
      { name: 'd/', mode: 0o40755 },
    ]),
    /"d\/" occurs twice/,
  ],
  'an entry below a file': [rawZip([GOOD, { name: 'good/evil' }]), /"good\/evil" occurs twice/],
  'a file in the place of a folder': [rawZip([{ name: 'a/b' }, { name: 'a' }]), /"a" occurs twice/],
};

for (const [what, [zip, fault]] of Object.entries(REFUSED)) {
  test(`${what} cannot be unpacked`, async () => assert.match((await zipFault(zip)) ?? '', fault));
}

describe('a large zip', () => {
  const large = aZipOf(120_000);

  test('is looked at whole, by few reads of what lies at its end', async () => {
    const reads: (readonly [offset: number, lengthBytes: number])[] = [];
    const fault = await zipDirectoryFault(large.zip.length, (offset, lengthBytes) => {
      reads.push([offset, lengthBytes]);
      return Promise.resolve(large.zip.subarray(offset, offset + lengthBytes));
    });
    assert.equal(fault, undefined);
    const directoryMib = (large.zip.length - large.directoryOffset) / 1024 ** 2;
    assert.ok(reads.length <= directoryMib + 4, `${reads.length} reads for ${directoryMib} MiB`);
    assert.ok(reads.every(([offset, lengthBytes]) => offset + lengthBytes <= large.zip.length));
    assert.ok(reads.every(([offset]) => offset >= large.directoryOffset - 1024 ** 2));
  });

  test('is refused for its last entry, too', async () => {
    const zip = Buffer.from(large.zip);
    const last = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
    zip.writeUInt16LE(zip.readUInt16LE(last + 8) | 1, last + 8);
    assert.match((await zipFault(zip)) ?? '', /"119999" is encrypted/);
  });

  test('blames nobody when it cannot be read', async () => {
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    await assert.rejects(
      zipDirectoryFault(large.zip.length, () => Promise.reject(away)),
      away,
    );
  });
});

/** A zip of so many empty files, in the form for large ones. */
function aZipOf(count: number): { zip: Buffer; directoryOffset: number } {
  const files: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (let index = 0; index < count; index++) {
    const record = {
      name: Buffer.from(String(index)),
      mode: 0o100644,
      mtime: new Date(0),
      isDeflated: false,
      isStreamed: false,
      crc32: 0,
      sizeBytes: 0,
      compressedSizeBytes: 0,
      offset,
    };
    const header = localHeader(record, false);
    files.push(header);
    records.push(directoryRecord(record));
    offset += header.length;
  }
  const directory = Buffer.concat(records);
  const end = endOfZip({ entries: count, sizeBytes: directory.length, offset });
  return { zip: Buffer.concat([...files, directory, end]), directoryOffset: offset };
}

/** The last record of the directory is gone; its end still counts it. */
function withoutRecord(): Buffer {
  const zip = rawZip([GOOD, { name: 'gone' }]);
  const last = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  return Buffer.concat([zip.subarray(0, last), zip.subarray(-22)]);
}

function withDirectoryAt(offset: number): Buffer {
  const zip = Buffer.from(WHOLE);
  zip.writeUInt32LE(offset, zip.length - 6);
  return zip;
}

/** The directory claims this size of the first entry, packed and unpacked. */
function withSizes(sizeBytes: number): Buffer {
  const zip = rawZip([GOOD]);
  const first = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  zip.writeUInt32LE(sizeBytes, first + 20);
  zip.writeUInt32LE(sizeBytes, first + 24);
  return zip;
}

test('a zip that says of itself that it has too much is refused, one that has just as much as it may is not', async () => {
  const [maxFiles, maxInputUnpackedBytes] = [3, 2];
  assert.equal(await zipFault(WHOLE, { maxFiles, maxInputUnpackedBytes }), undefined);
  assert.equal(await zipFault(WHOLE, { maxFiles: 2 }), 'Must have at most 2 files and folders');
  assert.equal(await zipFault(WHOLE, { maxInputUnpackedBytes: 1 }), 'Must have at most 1 bytes unpacked');
});
