import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { isObjectMissing } from '../../../bucket/errors.ts';
import { createTestBucket } from '../../support/gcs.ts';

const { bucket } = await createTestBucket();

test('a range of an object holds the bytes that stand there', async () => {
  const content = randomBytes(100_000);
  await bucket.write('object', Readable.from([content]));
  for (const [offset, lengthBytes] of [
    [0, 100_000],
    [0, 1],
    [99_999, 1],
    [50_000, 7],
  ] as const) {
    assert.deepEqual(
      await bucket.readRange('object', offset, lengthBytes),
      content.subarray(offset, offset + lengthBytes),
    );
  }
});

test('a range of an object that is not there is missing', async () => {
  await assert.rejects(bucket.readRange('no-such-object', 0, 1), isObjectMissing);
});
