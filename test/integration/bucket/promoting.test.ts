import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { isObjectMismatch, isObjectMissing } from '../../../bucket/errors.ts';
import type { StoredObject } from '../../../workflows/contract.ts';
import { createTestBucket } from '../../support/gcs.ts';

const { bucket } = await createTestBucket();

function put(object: string, content: string): Promise<StoredObject> {
  return bucket.write(object, Readable.from([Buffer.from(content)]));
}

test('a promoted object has its new name alone', async () => {
  const from = await put('attempts/a/1.zip', 'one');
  assert.deepEqual(await bucket.promote(from, 'a-output.zip'), { ...from, object: 'a-output.zip' });
  assert.equal(await text(bucket.read('a-output.zip')), 'one');
  assert.equal(await bucket.stat(from.object), undefined);
});

test('promoting again is done already', async () => {
  const from = await put('attempts/b/1.zip', 'one');
  const first = await bucket.promote(from, 'b-output.zip');
  assert.deepEqual(await bucket.promote(from, 'b-output.zip'), first);
});

test('a source that stayed behind goes when the promotion is repeated', async () => {
  const from = await put('attempts/c/1.zip', 'one');
  await put('c-output.zip', 'one');
  await bucket.promote(from, 'c-output.zip');
  assert.deepEqual(await bucket.list('attempts/c/'), []);
});

test('many at once make one object', async () => {
  const from = await put('attempts/d/1.zip', 'one');
  const all = await Promise.all(Array.from({ length: 5 }, () => bucket.promote(from, 'd-output.zip')));
  assert.ok(all.every(({ crc32c }) => crc32c === from.crc32c));
  assert.equal(await text(bucket.read('d-output.zip')), 'one');
});

test('another content under the name is kept, and said', async () => {
  const from = await put('attempts/e/2.zip', 'two');
  await put('e-output.zip', 'one');
  await assert.rejects(bucket.promote(from, 'e-output.zip'), isObjectMismatch);
  assert.equal(await text(bucket.read('e-output.zip')), 'one');
  assert.notEqual(await bucket.stat(from.object), undefined);
});

test('a source that is not what it was is not promoted', async () => {
  const from = await put('attempts/f/1.zip', 'one');
  await bucket.remove(from.object);
  await put(from.object, 'changed');
  await assert.rejects(bucket.promote(from, 'f-output.zip'), isObjectMismatch);
  assert.equal(await bucket.stat('f-output.zip'), undefined);
});

test('nothing can be promoted from nothing', async () => {
  const from = { object: 'attempts/g/1.zip', sizeBytes: 3, crc32c: 'AAAAAA==' };
  await assert.rejects(bucket.promote(from, 'g-output.zip'), isObjectMissing);
});
