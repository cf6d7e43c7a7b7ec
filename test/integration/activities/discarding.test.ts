import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { createDiscard } from '../../../activities/discard.ts';
import { attemptObjectOf, spoolObjectOf } from '../../../bucket/objects.ts';
import { createTestBucket } from '../../support/gcs.ts';

test('what was spooled and what was never published is removed, of this job alone', async () => {
  const { bucket } = await createTestBucket();
  const other = attemptObjectOf({ id: 'uid', name: 'job-2' });
  const objects = [
    spoolObjectOf('1'),
    attemptObjectOf({ id: 'uid-1', name: 'job' }),
    attemptObjectOf({ id: 'uid-2', name: 'job' }),
    other,
  ];
  for (const object of objects) await bucket.write(object, Readable.from([Buffer.from('zip')]));
  await createDiscard({ bucket })('job', spoolObjectOf('1'));
  assert.deepEqual(await bucket.list(''), [other]);
});

test('an upload that the server finishes after its pod was killed is removed, too', async () => {
  const { bucket } = await createTestBucket();
  const discarded = createDiscard({ bucket })('job', undefined, true);
  await sleep(500);
  await bucket.write(attemptObjectOf({ id: 'uid', name: 'job' }), Readable.from([Buffer.from('zip')]));
  await discarded;
  assert.deepEqual(await bucket.list(''), []);
});
