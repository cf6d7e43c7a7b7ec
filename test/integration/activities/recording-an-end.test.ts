import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createRecord } from '../../../activities/record.ts';
import { createBucket } from '../../../bucket/bucket.ts';
import { recordObjectOf, spoolObjectOf } from '../../../bucket/objects.ts';
import { readRecord } from '../../../bucket/records.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

test('an end is kept in the bucket and mirrored, once however often it is recorded', async (context) => {
  const [{ bucket }, store] = [await createTestBucket(), await openStore(context)];
  const job = aSucceededJob();
  const record = createRecord({ bucket, store });
  for (let time = 0; time < 2; time++) {
    await record(job);
    assert.deepEqual(await bucket.list(''), [recordObjectOf(job.id)]);
    assert.deepEqual(await readRecord(bucket, recordObjectOf(job.id)), job);
    assert.deepEqual(await store.find(job.id), job);
  }
});

test('an end that is worked out once more is mirrored as it was first recorded', async (context) => {
  const [{ bucket }, store] = [await createTestBucket(), await openStore(context)];
  const job = aSucceededJob();
  const record = createRecord({ bucket, store });
  await record(job);
  assert.deepEqual(await record({ ...job, stopTime: (job.stopTime ?? 0) + 3_000 }), job);
  assert.deepEqual(await store.find(job.id), job);
});

test('an input that the bucket got once more, after the job had taken it, is gone when the end is told', async (context) => {
  const [{ bucket }, store] = [await createTestBucket(), await openStore(context)];
  const job = { ...aSucceededJob(), hasInput: true };
  await bucket.write(spoolObjectOf(job.id), Readable.from([Buffer.from('zip')]));
  await createRecord({ bucket, store })(job);
  assert.deepEqual(await bucket.list(''), [recordObjectOf(job.id)]);
});

test('a job that goes on is only mirrored', async (context) => {
  const [{ bucket }, store] = [await createTestBucket(), await openStore(context)];
  const job = aJob({ revision: 1, status: 'running', phase: 'running' });
  await createRecord({ bucket, store })(job);
  assert.deepEqual(await bucket.list(''), []);
  assert.deepEqual(await store.find(job.id), job);
});

test('an end that the bucket has not taken is not mirrored yet', async (context) => {
  const store = await openStore(context);
  const bucket = createBucket({ bucketName: 'away', apiEndpoint: 'http://127.0.0.1:9' });
  const job = aSucceededJob();
  await assert.rejects(createRecord({ bucket, store })(job));
  assert.equal(await store.find(job.id), undefined);
});
