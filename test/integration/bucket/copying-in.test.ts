import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { isObjectMissing, isObjectTooLarge } from '../../../bucket/errors.ts';
import { createTestBucket } from '../../support/gcs.ts';

const { bucket } = await createTestBucket();
const { bucket: other, options } = await createTestBucket();
const { bucketName } = options;

test('an object of another bucket is copied with its size and checksum, and stays where it was', async () => {
  const stored = await other.write('a', Readable.from([randomBytes(10_000)]));
  assert.deepEqual(await bucket.copyIn({ bucketName, object: 'a' }, 'copy', 10_000), { ...stored, object: 'copy' });
  assert.deepEqual(await bucket.stat('copy'), { ...stored, object: 'copy' });
  assert.deepEqual(await other.stat('a'), stored);
});

test('an object that is not there, or is too large, is not copied', async () => {
  await other.write('large', Readable.from([randomBytes(11)]));
  await assert.rejects(bucket.copyIn({ bucketName, object: 'nothing' }, 'none', 10), isObjectMissing);
  await assert.rejects(bucket.copyIn({ bucketName: 'no-such-bucket', object: 'a' }, 'none', 10), isObjectMissing);
  await assert.rejects(bucket.copyIn({ bucketName, object: 'large' }, 'none', 10), isObjectTooLarge);
  assert.equal(await bucket.stat('none'), undefined);
});
