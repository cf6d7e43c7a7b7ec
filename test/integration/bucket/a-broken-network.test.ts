import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { createBucket } from '../../../bucket/bucket.ts';
import { isObjectMismatch } from '../../../bucket/errors.ts';
import { createFlakyProxy } from '../../support/flaky-proxy.ts';
import { createTestBucket } from '../../support/gcs.ts';

const { bucket, options } = await createTestBucket();
const CONTENT = randomBytes(6_000_000);

test('a read goes on where the connection broke', async () => {
  await bucket.write('read.zip', Readable.from([CONTENT]));
  await using proxy = await createFlakyProxy(options.apiEndpoint, {
    direction: 'from-server',
    afterBytes: 2_500_000,
    cuts: 2,
  });
  const flaky = createBucket({ ...options, apiEndpoint: proxy.endpoint });
  assert.ok((await buffer(flaky.read('read.zip'))).equals(CONTENT));
  assert.equal(proxy.cuts(), 2);
});

test('a write is sent again when the connection breaks', async () => {
  await using proxy = await createFlakyProxy(options.apiEndpoint, {
    direction: 'to-server',
    afterBytes: 3_000_000,
    cuts: 2,
  });
  const flaky = createBucket({ ...options, apiEndpoint: proxy.endpoint });
  await flaky.write('write.zip', Readable.from([CONTENT]));
  assert.ok((await buffer(bucket.read('write.zip'))).equals(CONTENT));
  assert.equal(proxy.cuts(), 2);
});

// This server takes the question how far it came for the end of the upload, so going on cannot be seen here.
test('a long write over a broken connection publishes all of it or nothing', async () => {
  await using proxy = await createFlakyProxy(options.apiEndpoint, {
    direction: 'to-server',
    afterBytes: 12_000_000,
    cuts: 1,
  });
  const flaky = createBucket({ ...options, apiEndpoint: proxy.endpoint });
  const content = randomBytes(20_000_000);
  await flaky.write('long.zip', Readable.from([content])).catch((error: unknown) => assert.ok(isObjectMismatch(error)));
  const found = await bucket.stat('long.zip');
  assert.ok(found === undefined || found.sizeBytes === content.length);
  assert.equal(proxy.cuts(), 1);
});

test('a write whose answer got lost is not taken for another one', async () => {
  await using proxy = await createFlakyProxy(options.apiEndpoint, { direction: 'from-server', afterBytes: 0, cuts: 1 });
  const flaky = createBucket({ ...options, apiEndpoint: proxy.endpoint });
  const stored = await flaky.write('lost.zip', Readable.from([CONTENT]));
  assert.deepEqual(await bucket.stat('lost.zip'), stored);
  assert.equal(proxy.cuts(), 1);
});

test('a reader that gives up is not made to wait', async () => {
  await bucket.write('left.zip', Readable.from([CONTENT]));
  const source = bucket.read('left.zip');
  const startedAt = Date.now();
  await assert.rejects(async () => {
    for await (const _chunk of source) source.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
  }, /gone/);
  assert.ok(Date.now() - startedAt < 400, 'waited as if the network had failed');
});

test('a write leaves nothing with the signal that might have ended it: many tries in a row hold no more memory than one', async () => {
  const { signal } = new AbortController();
  const large = randomBytes(10_000_000);
  await bucket.write('signalled.zip', Readable.from([large]), { signal });
  await assert.rejects(bucket.write('signalled.zip', Readable.from([large]), { signal }), {
    name: 'ObjectExistsError',
  });
  await new Promise(setImmediate);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});
