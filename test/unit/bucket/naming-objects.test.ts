import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  attemptedNameIn,
  attemptObjectOf,
  attemptsPrefixOf,
  inputObjectOf,
  logObjectOf,
  outputObjectOf,
  recordObjectOf,
  spooledIdIn,
  spoolObjectOf,
} from '../../../bucket/objects.ts';

test('a job has its input, output and log under its name', () => {
  assert.equal(inputObjectOf('python-1'), 'python-1-input.zip');
  assert.equal(outputObjectOf('python-1'), 'python-1-output.zip');
  assert.equal(logObjectOf('python-1', 'task'), 'python-1-log.txt');
});

test('what is not published yet stands apart, by id and by attempt', () => {
  assert.equal(spoolObjectOf('1e0e788e'), 'spool/1e0e788e.zip');
  assert.equal(attemptObjectOf('python-1', 'uid-1'), 'attempts/python-1/uid-1.zip');
  assert.equal(attemptsPrefixOf('python-1'), 'attempts/python-1/');
});

test('a record stands apart from all files, by the id of its job', () => {
  assert.equal(recordObjectOf('1e0e788e'), 'records/1e0e788e.json');
});

const part = fc.stringMatching(/^[a-z0-9.-]{1,63}$/);

test('a name of what is not published yet tells whose it is', () => {
  fc.assert(
    fc.property(part, part, (owner, attempt) => {
      assert.equal(spooledIdIn(spoolObjectOf(owner)), owner);
      assert.equal(attemptedNameIn(attemptObjectOf(owner, attempt)), owner);
    }),
  );
});

test('no other name does', () => {
  for (const object of ['a-input.zip', 'spool/a', 'spool/a/b.zip', 'x/spool/a.zip', 'attempts/a.zip', 'attempts/a/b']) {
    assert.deepEqual([spooledIdIn(object), attemptedNameIn(object)], [undefined, undefined], object);
  }
});
