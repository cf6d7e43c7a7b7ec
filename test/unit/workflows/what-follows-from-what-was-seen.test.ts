import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../workflows/contract.ts';
import { isProgress } from '../../../workflows/state.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

const { output } = aSucceededJob();
assert.ok(output);
const PROGRESS: readonly Partial<Job>[] = [
  { phase: 'starting' },
  { status: 'running', phase: 'downloading' },
  { status: 'running', phase: 'running' },
  { status: 'cleaning', phase: 'uploading' },
  { status: 'cleaning', phase: 'deleting', output },
];

test('what follows from the cluster alone is progress, and what a published output is followed by', () => {
  for (const state of PROGRESS) assert.equal(isProgress(aJob(state)), true, JSON.stringify(state));
});

test('what somebody is told for good is no progress: a beginning, an end, and what precedes it without an output', () => {
  const ends: readonly Partial<Job>[] = [
    { phase: 'preparing' },
    { phase: 'queued' },
    { phase: 'deleting' },
    { phase: 'ended', output },
  ];
  for (const state of ends) assert.equal(isProgress(aJob(state)), false, JSON.stringify(state));
});

test('after a failure or a kill nothing is progress', () => {
  const failure = failureOf('UserError', 'running', 'exited with code 3');
  for (const state of PROGRESS) {
    assert.equal(isProgress(aJob({ ...state, failure })), false);
    assert.equal(isProgress(aJob({ ...state, killRequested: true })), false);
  }
});
