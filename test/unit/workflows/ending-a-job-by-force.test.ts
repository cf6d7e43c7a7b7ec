import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../workflows/contract.ts';
import { forcedEnd } from '../../../workflows/forced-end.ts';
import { failureOf } from '../../../workflows/reasons.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

const CAUSE = 'the workflow of the job was terminated: an accident';
const NOW_MS = 1_527_121_999_000;

const running = aJob({ status: 'running', phase: 'running', revision: 4, startTime: 1_527_121_793_000 });
const { output } = aSucceededJob();
assert.ok(output);
const userError = failureOf('UserError', 'running', 'exited with code 3', { exitCode: 3 });

function endOf(job: Job): Job {
  return forcedEnd(job, CAUSE, NOW_MS);
}

test('a job that ran has failed for what was done to its workflow, in the phase that it was in', () => {
  const failure = failureOf('ClusterError', 'running', CAUSE);
  const end = { status: 'failed', phase: 'ended', failure, stopTime: NOW_MS, releasedTime: NOW_MS, revision: 5 };
  assert.deepEqual(endOf(running), { ...running, ...end });
});

test('a job whose output is published has succeeded', () => {
  const { status, failure } = endOf({ ...running, status: 'cleaning', phase: 'deleting', output });
  assert.deepEqual([status, failure], ['succeeded', undefined]);
});

test('a job that had failed already has failed for its own reason, with an output or without', () => {
  for (const more of [{}, { output: { ...output, complete: false } }]) {
    const { status, failure } = endOf({ ...running, phase: 'deleting', failure: userError, ...more });
    assert.deepEqual([status, failure], ['failed', userError]);
  }
});

test('a job that was being killed is killed', () => {
  const { status, failure } = endOf({ ...running, phase: 'deleting', killRequested: true });
  assert.deepEqual([status, failure], ['killed', undefined]);
});
