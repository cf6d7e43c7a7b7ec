import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseGetQuery, parseListQuery, parseLogsQuery } from '../../../api/schemas/query.ts';

describe('the query of a list', () => {
  test('asks for at most 100 running jobs when it says nothing', () => {
    assert.deepEqual(parseListQuery({}), { status: ['running'], limit: 100 });
    assert.deepEqual(parseListQuery({ status: '' }).status, ['running']);
  });

  test('takes several statuses, by comma or one by one, and all', () => {
    assert.deepEqual(parseListQuery({ status: 'failed, killed' }).status, ['failed', 'killed']);
    assert.deepEqual(parseListQuery({ status: ['failed', 'killed'] }).status, ['failed', 'killed']);
    assert.equal(parseListQuery({ status: 'failed,all' }).status, 'all');
  });

  test('takes one label or several, with whatever stands after the first equals sign', () => {
    assert.deepEqual(parseListQuery({ label: 'a=' }).label, ['a=']);
    assert.deepEqual(parseListQuery({ label: ['a=1', 'b=c=d'] }).label, ['a=1', 'b=c=d']);
  });

  test('takes as many labels as a job may have', () => {
    assert.equal(parseListQuery({ label: Array<string>(64).fill('a=1') }).label?.length, 64);
    assert.throws(() => parseListQuery({ label: Array<string>(65).fill('a=1') }));
  });

  test('takes times in epoch milliseconds, and the first characters of a name', () => {
    const query = { name_prefix: 'a-1', created_after: '0', created_before: '1527121792553' };
    const parsed = { name_prefix: 'a-1', created_after: 0, created_before: 1_527_121_792_553 };
    assert.deepEqual(parseListQuery(query), { status: ['running'], limit: 100, ...parsed });
  });

  for (const query of [
    { status: 'done' },
    { status: 'all,done' },
    { limit: '0' },
    { limit: '1001' },
    { limit: '1e2' },
    { limit: ['1', '2'] },
    { colour: 'red' },
    { name_prefix: 'A' },
    { name_prefix: 'a'.repeat(51) },
    { label: 'a' },
    { label: '=a' },
    { label: ['a=1', ''] },
    { created_after: '' },
    { created_after: '1e3' },
    { created_before: ['1', '2'] },
    { cursor: 'x' },
    { cursor: ['', ''] },
  ]) {
    test(`may not be ${JSON.stringify(query)}`, () => {
      assert.throws(() => parseListQuery(query));
    });
  }
});

describe('the query of a job', () => {
  test('takes a wait of 0 to 60 seconds', () => {
    assert.deepEqual([parseGetQuery({}).wait, parseGetQuery({ wait: '60' }).wait], [undefined, 60]);
    for (const wait of ['61', '-1', '1.5', '', 'x']) assert.throws(() => parseGetQuery({ wait }));
  });
});

describe('the query of a log', () => {
  test('asks for what the task has said so far when it says nothing', () => {
    assert.deepEqual(parseLogsQuery({}), { container: 'task', follow: false, offset: 0 });
  });

  test('takes a bare follow as yes', () => {
    const follows = ['', 'true', '1', 'false', '0'].map((follow) => parseLogsQuery({ follow }).follow);
    assert.deepEqual(follows, [true, true, true, false, false]);
  });

  test('refuses other containers and other words', () => {
    assert.throws(() => parseLogsQuery({ container: 'sidecar' }));
    assert.throws(() => parseLogsQuery({ follow: 'yes' }));
  });
});
