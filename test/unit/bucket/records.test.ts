import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordObjectOf } from '../../../bucket/objects.ts';
import { parseRecord } from '../../../bucket/records.ts';
import { aSucceededJob } from '../../support/job-builder.ts';

const job = aSucceededJob();
const object = recordObjectOf(job.id);

test('a record tells of the whole job', () => {
  assert.deepEqual(parseRecord(object, JSON.stringify(job)), job);
});

test('what is no record of the job that the object names is refused, by the name of the object', () => {
  const others = [
    '',
    'null',
    '[]',
    '{"id":',
    JSON.stringify({ ...job, id: 'another' }),
    JSON.stringify({ ...job, name: undefined }),
    JSON.stringify({ ...job, status: 'running' }),
    JSON.stringify({ ...job, revision: 'x' }),
    JSON.stringify({ ...job, parameters: {} }),
  ];
  for (const other of others) {
    assert.throws(() => parseRecord(object, other), { name: 'BadRecordError', message: new RegExp(object) });
  }
});

test('malformed JSON is refused with the cause', () => {
  assert.throws(
    () => parseRecord(object, '{'),
    (error: Error) => error.cause instanceof SyntaxError,
  );
});
