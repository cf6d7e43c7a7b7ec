import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activityInfo } from '@temporalio/activity';
import type { Job } from '../../workflows/contract.ts';
import { anObservation } from '../support/objects.ts';
import { harmlessActivities, startJob, startSkippingJob } from '../support/temporal.ts';

test('a kill while the pod is pending ends the job as killed, with everything deleted', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.kill();
  const end = await job.result();
  assert.deepEqual([end.status, end.killRequested, end.failure], ['killed', true, undefined]);
  assert.ok(job.calls.includes('delete'));
});

test('a kill while the task runs keeps its log before the pod is deleted', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running', startTime: 1_527_121_793_000 }));
  await job.kill();
  const end = await job.result();
  assert.deepEqual([end.status, end.logObjects?.task], ['killed', 'task-log.txt']);
  assert.ok(job.calls.indexOf('stop') < job.calls.indexOf('delete'));
});

test('the log of a killed job is kept though the bucket does not answer for twenty seconds', async (context) => {
  const { stop } = harmlessActivities();
  const isAway = () => {
    const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
    return currentAttemptScheduledTimestampMs - scheduledTimestampMs < 20_000;
  };
  const job = await startSkippingJob(context, {
    stop: (...args) => (isAway() ? Promise.reject(new Error('connection refused')) : stop(...args)),
  });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running', startTime: 1_527_121_793_000 }));
  await job.kill();
  const end = await job.result();
  assert.deepEqual([end.status, end.logObjects?.task], ['killed', 'task-log.txt']);
});

test('a kill while the output is uploaded leaves no half output', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  await job.kill();
  const end = await job.result();
  assert.deepEqual([end.status, end.output], ['killed', undefined]);
  // A pod that still runs could finish its upload after what it wrote was removed.
  assert.ok(job.calls.includes('discard'));
  assert.ok(job.calls.indexOf('discard') > job.calls.indexOf('delete'), job.calls.join());
  assert.equal(job.calls.includes('publish'), false);
});

test('a kill waits for a step that makes something, so that nothing is made after the deletion', async (context) => {
  const events: string[] = [];
  const job = await startJob(context, {
    deploy: async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      events.push('deployed');
      return { jobUid: 'task-uid' };
    },
    delete: () => Promise.resolve(void events.push('deleted')),
  });
  await job.called('deploy');
  await job.kill();
  assert.equal((await job.result()).status, 'killed');
  assert.deepEqual(events, ['deployed', 'deleted']);
});

test('a job stays as it was until the cluster says that nothing is left', async (context) => {
  const deletion = Promise.withResolvers<void>();
  const job = await startJob(context, { delete: () => deletion.promise });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running' }));
  await job.kill();
  await job.called('delete');
  const meanwhile = await job.query();
  assert.deepEqual([meanwhile.status, meanwhile.phase, meanwhile.killRequested], ['running', 'deleting', true]);
  deletion.resolve();
  assert.equal((await job.result()).status, 'killed');
});

test('a cancellation from the Web UI is a kill', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'running', startTime: 1_527_121_793_000 }));
  await job.cancel();
  const end = await job.result();
  assert.deepEqual([end.status, end.killRequested, end.logObjects?.task], ['killed', true, 'task-log.txt']);
  assert.ok(job.calls.includes('delete'));
});

test('a second kill changes nothing', async (context) => {
  const job = await startJob(context);
  await job.called('deploy');
  await Promise.all([job.kill(), job.kill()]);
  assert.equal((await job.result()).status, 'killed');
});

test('a kill that comes when success has just been told changes nothing of it', async (context) => {
  const ends: Job[] = [];
  const job = await startJob(context, {
    async record(state) {
      if (state.phase === 'ended') ends.push(state);
      // Before the workflow task is over, so that it begins anew.
      if (ends.length === 1) await job.kill();
      return ends[0] ?? state;
    },
  });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  const end = await job.result();
  assert.deepEqual([end.status, end.killRequested, ends.length], ['succeeded', false, 2]);
  assert.deepEqual([end, ends[1]?.revision], [ends[0], end.revision]);
});

test('a kill after the output is published comes too late, and the job has succeeded', async (context) => {
  const deletion = Promise.withResolvers<void>();
  const job = await startJob(context, { delete: () => deletion.promise });
  await job.called('deploy');
  await job.observe(anObservation({ stage: 'succeeded', exitCode: 0 }));
  await job.called('cleanup');
  await job.observe(anObservation({ role: 'cleanup', jobUid: 'cleanup-uid', stage: 'succeeded' }));
  await job.called('delete');
  await job.kill();
  deletion.resolve();
  const end = await job.result();
  assert.deepEqual([end.status, end.killRequested], ['succeeded', false]);
});
