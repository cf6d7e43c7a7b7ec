import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '../../../metrics.ts';
import { measureJobs } from '../../../worker/job-metrics.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

/** Counts jobs, and reads what Prometheus would, without the prefix. */
function jobMetrics() {
  const registry = createRegistry();
  const count = measureJobs(registry);
  const read = async () => (await registry.metrics()).replaceAll(/^kubernetes_task_runner_/gm, '');
  return { count, read };
}

test('jobs are counted when they have ended, by what became of them and why', async () => {
  const { count, read } = jobMetrics();
  const failure = { reason: 'OOMKilled', phase: 'running', message: 'killed', retryable: false } as const;
  const failed = aJob({ status: 'failed', phase: 'ended', failure });
  for (const job of [aJob(), aSucceededJob(), aSucceededJob(), failed]) count(job);
  const lines = (await read()).split('\n').filter((line) => line.startsWith('jobs_ended_total{'));
  assert.deepEqual(lines, [
    'jobs_ended_total{status="succeeded",reason=""} 2',
    'jobs_ended_total{status="failed",reason="OOMKilled"} 1',
  ]);
});

test('it is told how long each phase of an ended job lasted', async () => {
  const { count, read } = jobMetrics();
  const phaseTimes = { preparing: 0, starting: 500, running: 3_000, deleting: 12_000 };
  count(aSucceededJob({ phaseTimes, stopTime: 12_500 }));
  const text = await read();
  assert.match(text, /^job_phase_seconds_sum\{phase="starting"\} 2.5$/m);
  assert.match(text, /^job_phase_seconds_sum\{phase="running"\} 9$/m);
  assert.match(text, /^job_phase_seconds_bucket\{le="5",phase="running"\} 0$/m);
  assert.match(text, /^job_phase_seconds_bucket\{le="10",phase="running"\} 1$/m);
  assert.match(text, /^job_phase_seconds_sum\{phase="deleting"\} 0.5$/m);
});

test('a job of an earlier version, which tells no times, is counted all the same', async () => {
  const { count, read } = jobMetrics();
  const { phaseTimes: _, ...job } = aSucceededJob();
  count(job);
  assert.match(await read(), /^jobs_ended_total\{status="succeeded",reason=""\} 1$/m);
});
