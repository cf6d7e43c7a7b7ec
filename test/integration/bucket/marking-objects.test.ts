import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';

const MEBIBYTE = 1024 ** 2;

test('a small object, a large one and a copy are marked with the deployment that writes them; a list tells it', async () => {
  const { bucket: other, options } = await createTestBucket({ instance: () => Promise.resolve('theirs') });
  await other.write('a', Readable.from([randomBytes(10)]));
  const { bucket } = await createTestBucket({ instance: () => Promise.resolve('ours') });
  await bucket.write('1-small', Readable.from([randomBytes(10)]));
  await bucket.write('2-large', Readable.from([randomBytes(9 * MEBIBYTE)]));
  await bucket.copyIn({ bucketName: options.bucketName, object: 'a' }, '3-copy', 100);
  const listed = await bucket.listAged('');
  assert.deepEqual(
    listed.map(({ object, instance }) => [object, instance]),
    ['1-small', '2-large', '3-copy'].map((object) => [object, 'ours']),
  );
});

test('a bucket that is of no deployment marks nothing', async () => {
  const { bucket } = await createTestBucket();
  await bucket.write('a', Readable.from([randomBytes(10)]));
  const [listed] = await bucket.listAged('');
  assert.ok(listed && !('instance' in listed));
});
