import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  attemptObjectOf,
  attemptsPrefixOf,
  inputObjectOf,
  logObjectOf,
  outputObjectOf,
  recordObjectOf,
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
