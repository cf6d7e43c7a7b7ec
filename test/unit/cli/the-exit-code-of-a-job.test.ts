import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../../../cli/exit-codes.ts';
import { aClientJob, aFailedClientJob } from '../../support/client-jobs.ts';

test('a job that succeeded ends with 0', () => {
  assert.equal(exitCodeOf(aClientJob({ status: 'succeeded', phase: 'ended', exitCode: 0 })), 0);
});

test('a task that failed ends with its own code', () => {
  assert.equal(exitCodeOf(aFailedClientJob({ reason: 'UserError' }, { exitCode: 7 })), 7);
});

test('a job that ran out of time ends with 124, whatever its task said', () => {
  assert.equal(exitCodeOf(aFailedClientJob({ reason: 'RunTimeout' }, { exitCode: 143 })), 124);
});

test('a job that failed before its task ran ends with 126', () => {
  assert.equal(exitCodeOf(aFailedClientJob({ reason: 'ImageNotFound' })), 126);
});

test('a task that ended well does not make a job succeed whose output is lost', () => {
  assert.equal(exitCodeOf(aFailedClientJob({ reason: 'OutputUploadFailed' }, { exitCode: 0 })), 126);
});

test('a job that was killed ends with 137', () => {
  assert.equal(exitCodeOf(aClientJob({ status: 'killed', phase: 'ended' })), 137);
});
