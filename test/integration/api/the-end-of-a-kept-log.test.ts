import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Bucket } from '../../../bucket/bucket.ts';
import { logObjectOf } from '../../../bucket/objects.ts';
import { startApi } from '../../support/api-server.ts';
import { required } from '../../support/environment.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { aSucceededJob } from '../../support/job-builder.ts';

const MEBIBYTE = 1024 ** 2;
const LINES = Buffer.from('one\ntwo\nthree\n');

/** A bucket that counts the bytes that are read from it. */
function counting(bucket: Bucket): { readonly bucket: Bucket; bytes(): number } {
  let bytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  const read: Bucket['read'] = (...args) => Readable.from(counted(bucket.read(...args)), { objectMode: false });
  const openReader: Bucket['openReader'] = async (...args) => {
    const reader = await bucket.openReader(...args);
    return { ...reader, all: () => counted(reader.all()), part: (...span) => counted(reader.part(...span)) };
  };
  return { bucket: { ...bucket, read, openReader }, bytes: () => bytes };
}

test('the last lines of a kept log are read from its end', async (context) => {
  const { bucket } = await createTestBucket({ credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH') });
  const counted = counting(bucket);
  const api = await startApi(context, { bucket: counted.bucket });
  const job = aSucceededJob();
  const logObjects = { task: logObjectOf(job.name, 'task') };
  await api.store.record({ ...job, logObjects });
  const tail = async () => await (await fetch(`${api.url}/batch/${job.id}/logs?tail=2`)).text();
  await bucket.write(logObjects.task, Readable.from([LINES]));
  assert.equal(await tail(), 'two\nthree\n');
  await bucket.remove(logObjects.task);
  await bucket.write(logObjects.task, Readable.from([Buffer.alloc(8 * MEBIBYTE, 'x'), LINES]));
  assert.equal(await tail(), 'two\nthree\n');
  assert.ok(counted.bytes() < 2 * MEBIBYTE, `${counted.bytes()} bytes`);
});
