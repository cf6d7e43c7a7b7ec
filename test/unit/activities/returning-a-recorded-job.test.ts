import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { createToldRecord } from '../../../activities/record.ts';
import { ObjectExistsError } from '../../../bucket/errors.ts';
import { recordObjectOf } from '../../../bucket/objects.ts';
import type { Job } from '../../../workflows/contract.ts';
import { anActivity } from '../../support/activity.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

/** Records `job` where the bucket has the end `earlier`. @returns what the workflow gets, and what is mirrored */
async function record(job: Job, isLocal: boolean, earlier?: Job) {
  const write = (object: string) => (earlier ? Promise.reject(new ObjectExistsError(object)) : Promise.resolve());
  const read = () => Readable.from([JSON.stringify(earlier)]);
  const bucket = { write, read } as unknown as ActivityDeps['bucket'];
  const mirrored: Job[] = [];
  const store = { record: (row: Job) => Promise.resolve(void mirrored.push(row)) } as unknown as ActivityDeps['store'];
  const returned = await anActivity({ isLocal }).run(createToldRecord({ bucket, store }), job);
  return { returned, mirrored };
}

test('a local activity returns the job, which the history does not have otherwise', async () => {
  for (const job of [aJob({ status: 'running', phase: 'running' }), aSucceededJob()])
    assert.deepEqual(await record(job, true), { returned: job, mirrored: [job] });
});

test('an activity of its own returns nothing, as the history has the job as its argument', async () => {
  for (const job of [aJob({ status: 'running', phase: 'running' }), aSucceededJob()])
    assert.deepEqual(await record(job, false), { returned: undefined, mirrored: [job] });
});

test('an end that the bucket has already is returned and mirrored in place of a later one', async () => {
  const earlier = aSucceededJob();
  const later = { ...earlier, stopTime: (earlier.stopTime ?? 0) + 3_000 };
  assert.equal(recordObjectOf(later.id), recordObjectOf(earlier.id));
  for (const isLocal of [true, false])
    assert.deepEqual(await record(later, isLocal, earlier), { returned: earlier, mirrored: [earlier] });
});
