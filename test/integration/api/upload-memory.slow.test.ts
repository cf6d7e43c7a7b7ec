import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { workflowIdOf } from '../../../workflows/names.ts';
import { startApiProcess } from '../../support/api-process.ts';
import { required } from '../../support/environment.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { createOneStreamGcs } from '../../support/one-stream-gcs.ts';
import { storedZip } from '../../support/stored-zip.ts';

const MIB = 1024 * 1024;
const CONTENT_BYTES = 2048 * MIB;
const LIMIT_BYTES = 50 * MIB;
const SAMPLE_MS = 20;
const BOUNDARY = 'boundary';

test('an upload of 2 GB leaves the API within 50 MiB of its memory at rest', async (context) => {
  const { bucket, options } = await createTestBucket();
  const database = `test_${randomUUID().slice(0, 8)}`;
  const api = await startApiProcess(context, {
    GC_BUCKET_NAME: options.bucketName,
    GC_API_ENDPOINT: await createOneStreamGcs(context),
    MONGODB_DATABASE: database,
  });
  const name = `test-${randomUUID().slice(0, 13)}`;
  const restBytes = api.residentBytes();
  let peakBytes = restBytes;
  const sampler = setInterval(() => (peakBytes = Math.max(peakBytes, api.residentBytes())), SAMPLE_MS);
  const answer = await upload(api.url, name).finally(() => clearInterval(sampler));
  context.after(() => clean(name, database));

  assert.equal(answer.statusCode, 200);
  const { data } = (await json(answer)) as { data: { id: string } };
  const object = `spool/${data.id}.zip`;
  const stored = await bucket.stat(object);
  await bucket.remove(object);
  assert.ok((stored?.sizeBytes ?? 0) > CONTENT_BYTES);
  const growthMib = Math.round((peakBytes - restBytes) / MIB);
  context.diagnostic(`${Math.round(restBytes / MIB)} MiB at rest, ${growthMib} MiB more at the peak`);
  assert.ok(peakBytes - restBytes < LIMIT_BYTES, `the API took ${growthMib} MiB more`);
});

async function upload(url: string, name: string): Promise<IncomingMessage> {
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, prefer: 'respond-async' };
  const outgoing = request(`${url}/batch/`, { method: 'POST', headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    outgoing.on('response', resolve).on('error', reject),
  );
  await Promise.all([pipeline(Readable.from(formOf(name)), outgoing), answered]);
  return await answered;
}

function* formOf(name: string): Generator<Buffer> {
  const job = JSON.stringify({ name, job_parameters: { docker_image: 'python' } });
  const part = (head: string) => `--${BOUNDARY}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`;
  yield Buffer.from(`${part('name="job"')}${job}\r\n${part('name="input"; filename="input.zip"')}`);
  yield* storedZip(CONTENT_BYTES);
  yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
}

async function clean(name: string, database: string): Promise<void> {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  await new Client({ connection }).workflow.getHandle(workflowIdOf(name)).terminate();
  await connection.close();
  const mongo = new MongoClient(required('MONGODB_URI'));
  await mongo.db(database).dropDatabase();
  await mongo.close();
}
