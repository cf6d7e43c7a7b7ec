import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { createTestBucket } from '../../support/gcs.ts';

test('all objects of a prefix are removed, and no other; without a prefix nothing is', async () => {
  const { bucket } = await createTestBucket();
  for (const object of ['logs/a/1.txt', 'logs/a/2.txt', 'logs/ab/1.txt']) {
    await bucket.write(object, Readable.from([Buffer.from('x')]));
  }
  await bucket.removeAll('logs/a/');
  assert.deepEqual(await bucket.list(''), ['logs/ab/1.txt']);
  await assert.rejects(bucket.removeAll(''), /whole bucket/);
  assert.deepEqual(await bucket.list(''), ['logs/ab/1.txt']);
});

test('a list with ages tells when the content of each object was written, and which content it is', async () => {
  const { bucket } = await createTestBucket();
  const write = () => bucket.write('spool/a.zip', Readable.from([Buffer.from('x')]), { mayReplace: true });
  const beforeMs = Date.now();
  await write();
  const [first] = await bucket.listAged('spool/');
  assert.ok(first);
  assert.ok(first.createdMs >= beforeMs && first.createdMs <= Date.now(), String(first.createdMs));
  await write();
  const [second] = await bucket.listAged('spool/');
  assert.ok(second && second.generation !== first.generation);
  await bucket.remove(second.object, second.generation);
  assert.deepEqual(await bucket.listAged(''), []);
});
