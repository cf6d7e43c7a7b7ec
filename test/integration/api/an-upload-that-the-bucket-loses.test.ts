import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { startApiProcess } from '../../support/api-process.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { createHttpGate } from '../../support/http-gate.ts';
import { aName, shellJob, submit } from '../../support/job-client.ts';
import { storedZip } from '../../support/stored-zip.ts';

/** More than one chunk. */
const CONTENT_BYTES = 20 * 1024 * 1024;

test('an upload that the bucket loses on its way is answered by 503, which says to send it again', async (context) => {
  const { bucket, options } = await createTestBucket();
  const gate = await createHttpGate({ target: options.apiEndpoint });
  context.after(() => gate.close());
  const api = await startApiProcess(context, {
    GC_BUCKET_NAME: options.bucketName,
    GC_API_ENDPOINT: `http://127.0.0.1:${gate.port}`,
    MONGODB_DATABASE: `test_${randomUUID().slice(0, 8)}`,
  });
  process.env['API_URL'] = api.url;
  let lost = 0;
  gate.answerBy((incoming, outgoing) => {
    if (!isLaterChunk(incoming)) return false;
    lost += 1;
    incoming.resume();
    outgoing.writeHead(404).end('No such upload');
    return true;
  });

  const { status, body } = await submit(aName('lost'), shellJob('true'), new Blob([...storedZip(CONTENT_BYTES)]));

  assert.equal(status, 503);
  assert.equal(body.error, 'ServiceUnavailable');
  assert.equal(body.msg, 'The bucket lost this upload on its way: send it again.');
  assert.ok(lost > 0);
  assert.deepEqual(await bucket.list(''), []);
});

function isLaterChunk({ method, headers }: IncomingMessage): boolean {
  return method === 'PUT' && /^bytes [1-9]/.test(headers['content-range'] ?? '');
}
