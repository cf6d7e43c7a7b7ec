import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { isObjectExists, isObjectMismatch, isObjectMissing } from '../../../bucket/errors.ts';
import { createTestBucket } from '../../support/gcs.ts';

const MIB = 1024 * 1024;
const { bucket } = await createTestBucket();

// Around the size of a chunk, where uploads by one request become uploads by many.
for (const sizeBytes of [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 17 * MIB]) {
  test(`${sizeBytes} bytes come back as they were written`, async () => {
    const object = `sizes/${sizeBytes} & ü?.zip`;
    const content = Buffer.alloc(sizeBytes, `${sizeBytes} bytes,`);
    const stored = await bucket.write(object, Readable.from(cut(content), { objectMode: false }));
    assert.equal(stored.sizeBytes, sizeBytes);
    assert.deepEqual(await bucket.stat(object), stored);
    assert.ok((await buffer(bucket.read(object, { expected: stored }))).equals(content));
  });
}

for (const sizeBytes of [3, 9 * MIB]) {
  test(`a name is written once, also with ${sizeBytes} bytes`, async () => {
    const object = `once-${sizeBytes}.zip`;
    const stored = await bucket.write(object, Readable.from([Buffer.from('first')]));
    await assert.rejects(bucket.write(object, Readable.from([Buffer.alloc(sizeBytes)])), isObjectExists);
    assert.deepEqual(await bucket.stat(object), stored);
  });
}

test('progress grows up to the size', async () => {
  const seen: number[] = [];
  const source = Readable.from(cut(Buffer.alloc(20 * MIB)), { objectMode: false });
  await bucket.write('progress.zip', source, { onProgress: (sentBytes) => seen.push(sentBytes) });
  assert.deepEqual(seen, [8 * MIB, 16 * MIB, 20 * MIB]);
});

test('a source that fails publishes nothing and is what the caller hears of', async () => {
  const source = Readable.from(failing(10 * MIB), { objectMode: false });
  await assert.rejects(bucket.write('broken.zip', source), /the source broke/);
  assert.equal(await bucket.stat('broken.zip'), undefined);
});

test('an aborted write publishes nothing and lets go of its source', async () => {
  const controller = new AbortController();
  const source = Readable.from(endless(), { objectMode: false });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(bucket.write('aborted.zip', source, { signal: controller.signal }), { name: 'AbortError' });
  assert.ok(source.destroyed);
  assert.equal(await bucket.stat('aborted.zip'), undefined);
});

test('what does not exist is missing', async () => {
  assert.equal(await bucket.stat('nothing.zip'), undefined);
  await assert.rejects(buffer(bucket.read('nothing.zip')), isObjectMissing);
});

test('an object other than the expected one is not read', async () => {
  const stored = await bucket.write('other.zip', Readable.from([Buffer.from('other')]));
  await assert.rejects(
    buffer(bucket.read('other.zip', { expected: { ...stored, crc32c: 'AAAAAA==' } })),
    isObjectMismatch,
  );
  await assert.rejects(buffer(bucket.read('other.zip', { expected: { ...stored, sizeBytes: 4 } })), isObjectMismatch);
});

test('what is removed is gone, and may be removed again', async () => {
  await bucket.write('list/b', Readable.from([Buffer.from('b')]), { contentType: 'text/plain' });
  await bucket.write('list/a', Readable.from([Buffer.from('a')]));
  assert.deepEqual(await bucket.list('list/'), ['list/a', 'list/b']);
  await bucket.remove('list/a');
  await bucket.remove('list/a');
  assert.deepEqual(await bucket.list('list/'), ['list/b']);
});

function* cut(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000);
}

function* failing(afterBytes: number): Generator<Buffer> {
  yield Buffer.alloc(afterBytes);
  throw new Error('the source broke');
}

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(100_000);
}
