import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { Entry } from 'yauzl';
import { directoryRecord, endOfZip, localHeader } from '../../../transfer/zip-format.ts';
import type { ZipRecord } from '../../../transfer/zip-format.ts';

const GIB = 1024 ** 3;

const RECORD: ZipRecord = {
  name: Buffer.from('ü/large file'),
  mode: 0o100640,
  mtime: new Date('2024-02-29T12:34:57Z'),
  isDeflated: true,
  isStreamed: true,
  crc32: 0xdead_beef,
  compressedSizeBytes: 10,
  sizeBytes: 20,
  offset: 30,
};

/** A zip of which only the end exists, at any offset: what a reader makes of its directory. */
async function readBack(records: readonly ZipRecord[], offset: number): Promise<Entry[]> {
  const directory = Buffer.concat(records.map(directoryRecord));
  const end = endOfZip({ entries: records.length, sizeBytes: directory.length, offset });
  const tail = Buffer.concat([directory, end]);
  class Tail extends RandomAccessReader {
    override read(into: Buffer, at: number, length: number, position: number, done: (error: null) => void): void {
      const start = Math.max(position, offset);
      into.fill(0, at, at + length);
      tail.copy(into, at + start - position, start - offset, Math.max(0, position + length - offset));
      setImmediate(done, null);
    }
  }
  const reader = new Tail();
  const zip = await fromRandomAccessReaderPromise(reader, offset + tail.length, { autoClose: false });
  const found: Entry[] = [];
  for await (const entry of zip.eachEntry()) found.push(entry);
  return found;
}

test('a directory says of an entry what we said of it', async () => {
  const [entry] = await readBack([RECORD], 1000);
  assert.ok(entry);
  assert.equal(entry.fileName, 'ü/large file');
  assert.equal(entry.externalFileAttributes >>> 16, 0o100640);
  assert.equal(entry.crc32, 0xdead_beef);
  assert.deepEqual([entry.compressedSize, entry.uncompressedSize, entry.relativeOffsetOfLocalHeader], [10, 20, 30]);
  assert.deepEqual(entry.getLastModDate(), RECORD.mtime);
  assert.equal(entry.versionNeededToExtract, 20);
});

for (const change of [
  { sizeBytes: 5 * GIB },
  { compressedSizeBytes: 6 * GIB, sizeBytes: 5 * GIB },
  { offset: 7 * GIB },
  { sizeBytes: 4 * GIB - 1 },
  { sizeBytes: 5 * GIB, offset: 7 * GIB },
]) {
  test(`a directory carries ${JSON.stringify(change)}`, async () => {
    const record = { ...RECORD, ...change };
    const [entry] = await readBack([record], 8 * GIB);
    assert.ok(entry);
    assert.deepEqual(
      [entry.compressedSize, entry.uncompressedSize, entry.relativeOffsetOfLocalHeader],
      [record.compressedSizeBytes, record.sizeBytes, record.offset],
    );
    assert.equal(entry.versionNeededToExtract, 45);
  });
}

for (const count of [0, 65_534, 65_535]) {
  test(`a directory of ${count} entries is read to its end`, async () => {
    assert.equal((await readBack(Array<ZipRecord>(count).fill(RECORD), 100)).length, count);
  });
}

test('times out of range become the nearest that a zip can say', () => {
  for (const mtime of [new Date(-1e14), new Date(0), new Date(8e15)]) {
    assert.doesNotThrow(() => [directoryRecord({ ...RECORD, mtime }), localHeader({ ...RECORD, mtime }, true)]);
  }
});
