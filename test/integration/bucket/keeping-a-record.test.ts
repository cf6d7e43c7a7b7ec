import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { recordObjectOf } from '../../../bucket/objects.ts';
import { readRecord, writeRecord } from '../../../bucket/records.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aSucceededJob } from '../../support/job-builder.ts';

const { bucket } = await createTestBucket();

async function generationOf(object: string): Promise<number | undefined> {
  return (await bucket.listAged(object))[0]?.generation;
}

test('of the same end, worked out once more, the first one is kept, as it may have been told', async () => {
  const job = aSucceededJob();
  assert.deepEqual(await writeRecord(bucket, job), job);
  const again = { ...job, stopTime: (job.stopTime ?? 0) + 3_000 };
  assert.deepEqual(await writeRecord(bucket, again), job);
  assert.deepEqual(await readRecord(bucket, recordObjectOf(job.id)), job);
});

test('what is no record gives way to one', async () => {
  const job = aSucceededJob();
  await bucket.write(recordObjectOf(job.id), Readable.from([Buffer.from('{')]));
  await writeRecord(bucket, job);
  assert.deepEqual(await readRecord(bucket, recordObjectOf(job.id)), job);
});

test('a record that is there already is not written again, and another end takes its place', async () => {
  const job = aSucceededJob();
  const object = recordObjectOf(job.id);
  await writeRecord(bucket, job);
  const first = await generationOf(object);
  await writeRecord(bucket, job);
  assert.equal(await generationOf(object), first);
  const told = { ...job, revision: job.revision + 1 };
  await writeRecord(bucket, told);
  assert.notEqual(await generationOf(object), first);
  assert.deepEqual(await readRecord(bucket, object), told);
});
