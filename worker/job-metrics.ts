import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { isFinal } from '../workflows/contract.ts';
import type { Job } from '../workflows/contract.ts';
import { spansOf } from '../workflows/spans.ts';
import { METRIC_PREFIX } from '../metrics.ts';

/** From what nobody waits for to a week, the longest that a task may run by default. */
const PHASE_BUCKETS_SECONDS = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400, 604_800];

/**
 * Registers what becomes of jobs.
 * @returns to be called with each state of a job that is new to the mirror
 */
export function measureJobs(registry: Registry): (job: Job) => void {
  const registers = [registry];
  const ended = new Counter({
    name: `${METRIC_PREFIX}jobs_ended_total`,
    help: 'Jobs that have ended, by what became of them, and why they failed',
    labelNames: ['status', 'reason'],
    registers,
  });
  const phases = new Histogram({
    name: `${METRIC_PREFIX}job_phase_seconds`,
    help: 'How long each phase of an ended job lasted',
    labelNames: ['phase'],
    buckets: PHASE_BUCKETS_SECONDS,
    registers,
  });
  return (job) => {
    if (!isFinal(job.status)) return;
    ended.inc({ status: job.status, reason: job.failure?.reason ?? '' });
    for (const { phase, fromMs, toMs } of spansOf(job.phaseTimes ?? {}, job.stopTime ?? job.created))
      phases.observe({ phase }, Math.max(0, toMs - fromMs) / 1000);
  };
}
