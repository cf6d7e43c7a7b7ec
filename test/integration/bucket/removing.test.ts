import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';

test('all objects of a prefix are removed, and no other; without a prefix nothing is', async () => {
  const { bucket } = await createTestBucket();
  for (const object of ['logs/a/1.txt', 'logs/a/2.txt', 'logs/ab/1.txt']) {
    await bucket.write(object, Readable.from([Buffer.from('x')]));
  }
  await bucket.removeAll('logs/a/');
  assert.deepEqual(await bucket.list(''), ['logs/ab/1.txt']);
  await assert.rejects(bucket.removeAll(''), /whole bucket/);
  assert.deepEqual(await bucket.list(''), ['logs/ab/1.txt']);
});
