import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../workflows/contract.ts';
import { isCertain } from '../../../workflows/state.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

const { output } = aSucceededJob();
assert.ok(output);
const CERTAIN: readonly Partial<Job>[] = [
  { phase: 'starting' },
  { status: 'running', phase: 'downloading' },
  { status: 'running', phase: 'running' },
  { status: 'cleaning', phase: 'uploading' },
  { status: 'cleaning', phase: 'deleting', output },
  { status: 'succeeded', phase: 'ended', output },
];

test('what follows from the cluster alone is certain, and what a published output is followed by', () => {
  for (const state of CERTAIN) assert.equal(isCertain(aJob(state)), true, JSON.stringify(state));
});

test('a beginning is not certain, nor an end but success, nor what precedes it without an output', () => {
  const ends: readonly Partial<Job>[] = [
    { phase: 'preparing' },
    { phase: 'queued' },
    { phase: 'deleting' },
    { status: 'running', phase: 'uploading' },
    { status: 'succeeded', phase: 'ended' },
    { status: 'failed', phase: 'ended' },
    { status: 'killed', phase: 'ended' },
    { status: 'failed', phase: 'ended', output },
  ];
  for (const state of ends) assert.equal(isCertain(aJob(state)), false, JSON.stringify(state));
});

test('after a failure or a kill nothing is certain', () => {
  const failure = failureOf('UserError', 'running', 'exited with code 3');
  for (const state of CERTAIN) {
    assert.equal(isCertain(aJob({ ...state, failure })), false);
    assert.equal(isCertain(aJob({ ...state, killRequested: true })), false);
  }
});
