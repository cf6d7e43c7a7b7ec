import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Bucket } from '../../../bucket/bucket.ts';
import { BadRecordError, ObjectExistsError, ObjectMissingError } from '../../../bucket/errors.ts';
import { recordObjectOf } from '../../../bucket/objects.ts';
import { writeRecord } from '../../../bucket/records.ts';
import { aSucceededJob } from '../../support/job-builder.ts';

interface Write {
  readonly object: string;
  readonly content: string;
  readonly options: unknown;
}

const job = aSucceededJob();
const object = recordObjectOf(job.id);

/** @param readEarlier answers what the bucket has already; without it, the bucket has none */
function bucketWith(readEarlier?: () => Readable) {
  const writes: Write[] = [];
  const bucket = {
    async write(name: string, body: Readable, options: { readonly mayReplace: boolean }) {
      writes.push({ object: name, content: await text(body), options });
      if (readEarlier !== undefined && !options.mayReplace) throw new ObjectExistsError(name);
    },
    read: () => (readEarlier ?? assert.fail)(),
  } as unknown as Pick<Bucket, 'write' | 'read'>;
  return { bucket, writes };
}

const earlierEnd = (content: string) => () => streamOf(content);
const streamOf = (content: string) => new Blob([content]).stream() as unknown as Readable;
const failing = (error: Error) => () => {
  throw error;
};

const written = (mayReplace: boolean) => ({
  object,
  content: JSON.stringify(job),
  options: { contentType: 'application/json', mayReplace },
});

describe('the end of a job', () => {
  test('is written as JSON under its own name, with the signal of the caller', async () => {
    const { bucket, writes } = bucketWith();
    const { signal } = new AbortController();
    assert.deepEqual(await writeRecord(bucket, job, signal), job);
    assert.deepEqual(writes, [
      { ...written(false), options: { contentType: 'application/json', mayReplace: false, signal } },
    ]);
  });

  test('gives way to the same end that was kept earlier', async () => {
    const earlier = { ...job, stopTime: 1 };
    const { bucket, writes } = bucketWith(earlierEnd(JSON.stringify(earlier)));
    assert.deepEqual(await writeRecord(bucket, job), earlier);
    assert.deepEqual(writes, [written(false)]);
  });

  const others = {
    'another revision': earlierEnd(JSON.stringify({ ...job, revision: job.revision + 1 })),
    'another status': earlierEnd(JSON.stringify({ ...job, status: 'failed' })),
    'an unreadable record': earlierEnd('{'),
    'a deleted record': failing(new ObjectMissingError(object)),
  };
  for (const [what, readEarlier] of Object.entries(others)) {
    test(`takes the place of ${what}`, async () => {
      const { bucket, writes } = bucketWith(readEarlier);
      assert.deepEqual(await writeRecord(bucket, job), job);
      assert.deepEqual(writes, [written(false), written(true)]);
    });
  }

  test('replaces nothing that could not be read', async () => {
    const fault = new Error('bucket unreachable');
    const { bucket, writes } = bucketWith(failing(fault));
    await assert.rejects(writeRecord(bucket, job), fault);
    assert.deepEqual(writes, [written(false)]);
  });

  test('is not kept where the write fails', async () => {
    const fault = new BadRecordError('another');
    const bucket = { write: () => Promise.reject(fault), read: () => assert.fail() };
    await assert.rejects(writeRecord(bucket, job), fault);
  });
});
