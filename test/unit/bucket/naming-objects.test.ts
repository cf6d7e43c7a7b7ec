import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  attemptedNameIn,
  attemptObjectOf,
  attemptsPrefixOf,
  inputObjectOf,
  logObjectOf,
  logPieceOf,
  logPiecesOf,
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
  const ref = { id: '1e0e788e', name: 'python-1' };
  assert.equal(attemptObjectOf(ref), 'attempts/python-1/1e0e788e.1.zip');
  assert.equal(attemptObjectOf({ ...ref, attempt: 2 }), 'attempts/python-1/1e0e788e.2.zip');
  assert.equal(attemptsPrefixOf('python-1'), 'attempts/python-1/');
});

test('a record stands apart from all files, by the id of its job', () => {
  assert.equal(recordObjectOf('1e0e788e'), 'records/1e0e788e.json');
});

const part = fc.stringMatching(/^[a-z0-9.-]{1,63}$/);

test('a name of what is not published yet tells whose it is', () => {
  fc.assert(
    fc.property(part, part, (owner, id) => {
      assert.equal(spooledIdIn(spoolObjectOf(owner)), owner);
      assert.equal(attemptedNameIn(attemptObjectOf({ id, name: owner })), owner);
    }),
  );
});

test('no other name does', () => {
  for (const object of ['a-input.zip', 'spool/a', 'spool/a/b.zip', 'x/spool/a.zip', 'attempts/a.zip', 'attempts/a/b']) {
    assert.deepEqual([spooledIdIn(object), attemptedNameIn(object)], [undefined, undefined], object);
  }
});

test('logs have names that no job can have, and their pieces follow each other by name, from the first to the end', () => {
  assert.equal(logObjectOf('python-1', 'input'), 'logs/python-1/input.txt');
  assert.equal(logObjectOf('python-1', 'cleanup'), 'logs/python-1/cleanup.txt');
  const { prefix, first, end } = logPiecesOf('python-1', 'pod-1');
  assert.equal(prefix, 'logs/python-1/pod-1/');
  assert.equal(first, logPieceOf(prefix, 0));
  const names = [first, logPieceOf(prefix, 2), logPieceOf(prefix, 10), logPieceOf(prefix, 123_456), end];
  const endings = ['000000.txt', '000002.txt', '000010.txt', '123456.txt', 'end'];
  assert.deepEqual(
    names,
    endings.map((ending) => `${prefix}${ending}`),
  );
  assert.deepEqual(names.toSorted(), names);
});

test('a name that only begins, or ends, like one of what is not published yet is none', () => {
  for (const object of ['spool/a.zip.txt', 'attempts/a/b.zip.txt', 'x/attempts/a/b.zip'])
    assert.deepEqual([spooledIdIn(object), attemptedNameIn(object)], [undefined, undefined], object);
});
