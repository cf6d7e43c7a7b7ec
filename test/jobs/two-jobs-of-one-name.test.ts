import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aName, call, shellJob, submit, untilEnded } from '../support/job-client.ts';
import { zipOf } from '../support/zip-entries.ts';
import { assertWorldAfter, testBucket } from '../support/world.ts';

test('of two jobs of one name sent at once one runs, and the other is refused and leaves nothing', async () => {
  const name = aName('twin');
  const zip = await zipOf({ a: { content: 'a' } });
  const answers = await Promise.all([1, 2].map(() => submit(name, shellJob('true'), zip)));
  const [accepted, refused] = answers.toSorted((a, b) => a.status - b.status);
  assert.ok(accepted && refused);
  assert.deepEqual([accepted.status, refused.status, refused.body.error], [200, 400, 'InvalidParameters']);
  assert.deepEqual(Object.keys(refused.body.data), ['name']);

  const end = await untilEnded(accepted.body.data.id);
  assert.equal(end.status, 'succeeded');
  await assertWorldAfter(end);
  const spooled = await testBucket().list('spool/');
  const jobs = await call<{ id: string }[]>('GET', '/batch/?status=all&limit=1000');
  const known = new Set(jobs.body.data.map(({ id }) => `spool/${id}.zip`));
  assert.deepEqual(
    spooled.filter((object) => !known.has(object)),
    [],
  );
});

test('a name is never used twice, even after the job has ended', async () => {
  const name = aName('once');
  const first = await submit(name, shellJob('true'));
  await untilEnded(first.body.data.id);
  const second = await submit(name, shellJob('true'));
  assert.deepEqual([second.status, second.body.error], [400, 'InvalidParameters']);
});
