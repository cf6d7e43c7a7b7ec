import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordObjectOf } from '../../../bucket/objects.ts';
import { readRecord, writeRecord } from '../../../bucket/records.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aSucceededJob } from '../../support/job-builder.ts';

const { bucket } = await createTestBucket();

async function generationOf(object: string): Promise<number | undefined> {
  return (await bucket.listAged(object))[0]?.generation;
}

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
