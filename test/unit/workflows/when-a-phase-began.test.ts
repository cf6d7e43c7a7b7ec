import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialJob, withNextAttempt, withPhaseTime } from '../../../workflows/state.ts';
import { aRequest } from '../../support/objects.ts';
import { aJob } from '../../support/job-builder.ts';

test('the first phase begins with the job', () => {
  const request = aRequest();
  assert.deepEqual(initialJob(request).phaseTimes, { preparing: request.created });
  assert.deepEqual(initialJob({ ...request, isQueued: true }).phaseTimes, { queued: request.created });
});

test('a phase begins when the job is first seen in it', () => {
  const job = withPhaseTime(aJob({ phase: 'starting', phaseTimes: { preparing: 1 } }), 2);
  assert.deepEqual(job.phaseTimes, { preparing: 1, starting: 2 });
  assert.equal(withPhaseTime(job, 3), job);
});

test('the end of a job is no phase that began', () => {
  const ended = aJob({ phase: 'ended', phaseTimes: { preparing: 1 } });
  assert.equal(withPhaseTime(ended, 2), ended);
});

test('another attempt begins anew', () => {
  const failure = { reason: 'Evicted', phase: 'running', message: 'm', retryable: true } as const;
  const job = withNextAttempt(aJob({ phase: 'running', phaseTimes: { preparing: 1, running: 2 } }), {
    failure,
    stopTime: 3,
  });
  assert.deepEqual(withPhaseTime(job, 4).phaseTimes, { preparing: 4 });
});
